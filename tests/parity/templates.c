// /t: templates.
#include "parity.h"

// ---- functions of templates --------------------------------------------------------

static rt_status shout(rt_template_call *call, rt_value *out)
{
    rt_str text = rt_value_text(call->arena, rt_template_arg(call, 0, RT("")));
    *out = RT(rt_format(call->arena, "{}!", rt_str_upper(call->arena, text)));
    return RT_OK;
}

static rt_status reverse_words(rt_template_call *call, rt_value *out)
{
    rt_str rest = rt_value_text(call->arena, call->args[0]);
    rt_str reversed = RT_STR("");

    while (rest.len > 0) {
        rt_str word = rt_str_cut(&rest, ' ');
        if (word.len > 0 && reversed.len > 0)
            word = rt_str_concat(call->arena, word, RT_STR(" "));
        reversed = rt_str_concat(call->arena, word, reversed);
    }
    *out = RT(reversed);
    return RT_OK;
}

static rt_status even_length(rt_template_call *call, rt_value *out)
{
    *out = RT(rt_value_as_str(call->args[0]).len % 2 == 0);
    return RT_OK;
}

static rt_status twice(rt_template_call *call, rt_value *out)
{
    rt_str text = rt_value_text(call->arena, rt_template_arg(call, 0, RT("")));
    *out = RT(rt_str_concat(call->arena, text, text));
    return RT_OK;
}

static void extra_values(rt_request *req, rt_value context, void *arg)
{
    (void)req, (void)arg;
    (void)rt_dict_set_str(context, RT_STR("site"), RT("Parity"));
}

void install_template_functions(rt_app *app)
{
    rt_context_processor(app, extra_values);
    rt_template_function(app, "shout", shout);
    rt_template_filter(app, "reverse_words", reverse_words);
    rt_template_test(app, "even_length", even_length);
    rt_template_function(app, "twice", twice);
}

// ---- views -------------------------------------------------------------------------

static rt_response *page(rt_request *req)
{
    return rt_render(req, "page.html", "name",
                     query_value(req, "name", "World"));
}

static rt_response *tpl_text(rt_request *req)
{
    return rt_set_type(rt_render(req, "note.txt", "name",
                                 query_value(req, "name", "<World>")),
                       "text/plain");
}

static rt_response *tpl_xml(rt_request *req)
{
    return rt_set_type(rt_render(req, "feed.xml", "name",
                                 query_value(req, "name", "<World>")),
                       "application/xml");
}

static rt_response *tpl_string(rt_request *req)
{
    return rt_render_string(req,
                            "{{ name }}|{{ name|safe }}|{% autoescape false %}"
                            "{{ name }}{% endautoescape %}",
                            "name", query_value(req, "name", "<World>"));
}

static rt_response *tpl_filters(rt_request *req)
{
    rt_value rows =
        rt_list(req, rt_dict(req, "n", 2, "k", "b"),
                rt_dict(req, "n", 1, "k", "a"), rt_dict(req, "n", 3, "k", "a"));
    rt_value data = rt_dict(req, "b", rt_list(req, 1, rt_value_none(), true),
                            "a", "</script>'\"");
    return rt_render(req, "filters.html", "words",
                     rt_list(req, "pear", "Apple", "fig"), "rows", rows, "text",
                     "the quick <brown> fox jumps over the lazy dog", "data",
                     data, "number", 1234.5678, "nothing", rt_value_none(),
                     "markup", rt_value_safe(RT_STR("<em>fine</em>")));
}

static rt_response *tpl_control(rt_request *req)
{
    return rt_render(req, "control.html", "items", rt_list(req, "a", "b", "c"),
                     "empty", rt_list(req), "n", 7, "table",
                     rt_dict(req, "x", 1, "y", 2));
}

static rt_response *tpl_context(rt_request *req)
{
    rt_session_set(req, "seen", "yes");
    rt_g_set(req, "value", "from g");
    return rt_render(req, "context.html");
}

static rt_response *tpl_own(rt_request *req)
{
    return rt_render(req, "bp/own.html");
}

static rt_response *tpl_override(rt_request *req)
{
    return rt_render(req, "bp/shadow.html");
}

static rt_response *tpl_select(rt_request *req)
{
    return rt_render_first(req, RT_NAMES("missing-one.html", "bp/own.html",
                                         "page.html"));
}

static rt_response *tpl_missing(rt_request *req)
{
    return rt_render(req, "does-not-exist.html");
}

static rt_response *tpl_undefined(rt_request *req)
{
    return rt_render_string(
        req,
        "[{{ nothing }}][{{ nothing|default('d') }}][{{ nothing is defined }}]");
}

static rt_response *tpl_undefined_attribute(rt_request *req)
{
    return rt_render_string(req, "{{ nothing.attribute }}");
}

static rt_response *tpl_stream(rt_request *req)
{
    return rt_stream_template(req, "stream.html", "rows",
                              rt_list(req, 0, 1, 2, 3, 4));
}

// How values look when printed.
static rt_response *tpl_values(rt_request *req)
{
    return rt_render(req, "values.txt");
}

static rt_response *tpl_macro(rt_request *req)
{
    return rt_render(req, "forms.html", "value", query_value(req, "v", "a&b"));
}

rt_blueprint *templates_blueprint(void)
{
    rt_blueprint *bp =
        rt_blueprint_new("t", .url_prefix = "/t", .templates = "bptemplates",
                         .static_folder = "bpstatic",
                         .static_url_path = "/static");

    rt_get(bp, "/page", page);
    rt_get(bp, "/text", tpl_text);
    rt_get(bp, "/xml", tpl_xml);
    rt_get(bp, "/string", tpl_string);
    rt_get(bp, "/filters", tpl_filters);
    rt_get(bp, "/control", tpl_control);
    rt_get(bp, "/context", tpl_context);
    rt_get(bp, "/own", tpl_own);
    rt_get(bp, "/override", tpl_override);
    rt_get(bp, "/select", tpl_select);
    rt_get(bp, "/missing", tpl_missing);
    rt_get(bp, "/undefined", tpl_undefined);
    rt_get(bp, "/undefined-attribute", tpl_undefined_attribute);
    rt_get(bp, "/stream", tpl_stream);
    rt_get(bp, "/values", tpl_values);
    rt_get(bp, "/macro", tpl_macro);
    return bp;
}
