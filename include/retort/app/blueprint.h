// Blueprints: parts of an application, with rules, hooks, error handlers,
// templates and static files of their own.
//
//     static rt_blueprint *admin(void)
//     {
//         rt_blueprint *bp = rt_blueprint_new("admin");
//         rt_get(bp, "/", dashboard);
//         rt_before_request(bp, login_required);
//         return bp;
//     }
//
//     rt_register_blueprint(app, admin(), .url_prefix = "/admin");
//     rt_url_for(req, "admin.dashboard")           "/admin/"
//     rt_url_for(req, ".dashboard")                the same, inside the blueprint
//
// A blueprint is only a record until it is registered, with an application or
// with another blueprint; it may be registered several times under different
// names.
//
// Follows flask.Blueprint.
#pragma once

#include <retort/app/scope.h>
#include <retort/base/attributes.h>

RT_C_BEGIN

// Options of rt_blueprint_new; zero is the default.
typedef struct rt_blueprint_options {
    const char *url_prefix;       // before all its rules
    const char *subdomain;        // of all its rules
    rt_url_defaults url_defaults; // of all its rules
    const char *templates;        // a folder, behind the application's own
    const char *static_folder;    // served below the prefix
    const char *static_url_path;  // NULL: "/" and the folder's last name
    const char *cli_group;        // of its commands; NULL: its name, "": none
    rt_site site;                 // set by the macro
    int unused;
} rt_blueprint_options;

// Make a blueprint: rt_blueprint_new("admin", .url_prefix = "/admin").
//
//   memory   lives until the process ends; applications view it
//   errors   end the process: a name that is empty or has a dot
#define rt_blueprint_new(...)                                          \
    rt_blueprint_create(RT_ARG1(__VA_ARGS__),                          \
                        &(rt_blueprint_options){.site = RT_HERE,       \
                                                RT__TAIL2(__VA_ARGS__, \
                                                          .unused = 0)})
rt_blueprint *rt_blueprint_create(const char *name,
                                  const rt_blueprint_options *options);

// Options of rt_register_blueprint; what is set goes before the blueprint's own.
typedef struct rt_register_options {
    const char *url_prefix;
    const char *subdomain;
    const char *name; // instead of the blueprint's, to register it once more
    rt_url_defaults url_defaults;
    const char *cli_group;
    rt_site site; // set by the macro
    int unused;
} rt_register_options;

// Make a blueprint part of an application, or of another blueprint: prefixes are
// joined, names by dots. What was not recorded by then is refused afterwards.
//
//   errors   end the process: a name that is taken, a rule that does not fit its
//            view, an application that has started
#define rt_register_blueprint(...)                                          \
    rt_scope_register(RT_SCOPE(RT_ARG1(__VA_ARGS__)), RT_ARG2(__VA_ARGS__), \
                      &(rt_register_options){.site = RT_HERE,               \
                                             RT__TAIL3(__VA_ARGS__,         \
                                                       .unused = 0)})
void rt_scope_register(rt_scope *scope, rt_blueprint *blueprint,
                       const rt_register_options *options);

// The name of the blueprint whose rule a request matched, "admin" or "a.b"; NULL
// without one. And all of them from the innermost outwards, a list of "a.b" and
// "a".
const char *rt_blueprint_of(rt_request *req);
rt_value rt_blueprints_of(rt_request *req);

RT_C_END
