// Templates in views: Jinja2's language, from the application's folder.
//
//     return rt_render(req, "post.html", "post", post, "title", "News");
//
// Templates lie in `templates/` below the application's root. They escape what
// they print when their name ends in .html, .htm, .xml, .xhtml or .svg; so do
// templates from strings. They see `request`, `session`, `g`, `config` and
// `url_for`, also where they are imported; in a command there is no request.
//
// Follows flask.templating.
#pragma once

#include <retort/app/app.h>
#include <retort/app/response.h>
#include <retort/template.h>

RT_C_BEGIN

// Render a template with keyword arguments to an HTML response.
//
//   errors   a template that is missing or fails is 500: the log says where and
//            why, in debug mode the page does, too
#define rt_render(...)                                                       \
    rt_render_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                    RT_PAIRS_FROM3(__VA_ARGS__))
rt_response *rt_render_pairs(rt_request *req, const char *name,
                             const rt_pair *pairs, size_t n);

// The same with the first of several templates that exists:
// rt_render_first(req, RT_NAMES("mobile.html", "page.html"), "post", post).
#define RT_NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define rt_render_first(...)                                 \
    rt_render_first_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                          RT_ARG2(__VA_ARGS__), RT_PAIRS_FROM3(__VA_ARGS__))
rt_response *rt_render_first_pairs(rt_request *req, const char *const *names,
                                   const rt_pair *pairs, size_t n);

// The same from a source in the program.
#define rt_render_string(...)                                 \
    rt_render_string_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                           RT_ARG2(__VA_ARGS__), RT_PAIRS_FROM3(__VA_ARGS__))
rt_response *rt_render_string_pairs(rt_request *req, const char *source,
                                    const rt_pair *pairs, size_t n);

// Render to text: for mails and parts of pages.
#define rt_render_text(...)                                 \
    rt_render_text_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                         RT_ARG2(__VA_ARGS__), RT_PAIRS_FROM3(__VA_ARGS__))
rt_str rt_render_text_pairs(rt_request *req, const char *name,
                            const rt_pair *pairs, size_t n);

// Evaluate one expression, "user.name|upper".
//
//   memory   the value lives until the request ends
//   errors   as rt_render
#define rt_evaluate(...)                                                       \
    rt_evaluate_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                      RT_PAIRS_FROM3(__VA_ARGS__))
rt_value rt_evaluate_pairs(rt_request *req, const char *expression,
                           const rt_pair *pairs, size_t n);

// Send a template while it is rendered.
#define rt_stream_template(...)                                 \
    rt_stream_template_pairs(RT__REQUEST(RT_ARG1(__VA_ARGS__)), \
                             RT_ARG2(__VA_ARGS__),              \
                             RT_PAIRS_FROM3(__VA_ARGS__))
rt_response *rt_stream_template_pairs(rt_request *req, const char *name,
                                      const rt_pair *pairs, size_t n);

// Add variables to each render: called with its context, a dict in which the
// arguments of rt_render are already and win. Of a blueprint's: for its requests.
typedef void rt_context_fn(rt_request *req, rt_value context, void *arg);
#define rt_context_processor(...)       \
    rt_scope_add_context_processor(     \
        RT_SCOPE(RT_ARG1(__VA_ARGS__)), \
        RT__FN(rt_context_fn, RT_ARG2(__VA_ARGS__)), RT__HOOK2(__VA_ARGS__))
void rt_scope_add_context_processor(rt_scope *scope, rt_context_fn *fn,
                                    const rt_hook_options *options);

// Teach templates another filter, test or function, or give them a value. In a
// function, rt_template_request(call) is the request. What a blueprint brings is
// there for all templates of the application it is registered with.
//
//     rt_template_filter(app, "shout", shout);
//     rt_template_global(blueprint, "year", 2026);
#define rt_template_filter(scope, name, fn) \
    rt_scope_add_template_filter(RT_SCOPE(scope), (name), (fn), RT_HERE)
#define rt_template_test(scope, name, fn) \
    rt_scope_add_template_test(RT_SCOPE(scope), (name), (fn), RT_HERE)
#define rt_template_function(scope, name, fn) \
    rt_scope_add_template_function(RT_SCOPE(scope), (name), (fn), RT_HERE)
#define rt_template_global(scope, name, x) \
    rt_scope_add_template_global(RT_SCOPE(scope), (name), RT(x), RT_HERE)
void rt_scope_add_template_filter(rt_scope *scope, const char *name,
                                  rt_template_fn *fn, rt_site site);
void rt_scope_add_template_test(rt_scope *scope, const char *name,
                                rt_template_fn *fn, rt_site site);
void rt_scope_add_template_function(rt_scope *scope, const char *name,
                                    rt_template_fn *fn, rt_site site);
void rt_scope_add_template_global(rt_scope *scope, const char *name,
                                  rt_value value, rt_site site);

// The request of the render a function is called from.
rt_request *rt_template_request(const rt_template_call *call);

RT_C_END
