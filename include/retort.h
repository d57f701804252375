// All an application includes.
//
//     #include <retort.h>
//
//     static rt_response *hello(rt_request *req, const char *name)
//     {
//         return rt_text(req, "Hello {}!", name);
//     }
//
//     int main(int argc, char **argv)
//     {
//         rt_app *app = rt_app_new("hello");
//         rt_get(app, "/hello/<name>", hello);
//         return rt_main(app, argc, argv);
//     }
#pragma once

#include <retort/app/app.h>
#include <retort/app/blueprint.h>
#include <retort/app/caching.h>
#include <retort/app/client.h>
#include <retort/app/command.h>
#include <retort/app/config.h>
#include <retort/app/file.h>
#include <retort/app/flash.h>
#include <retort/app/form.h>
#include <retort/app/negotiate.h>
#include <retort/app/request.h>
#include <retort/app/response.h>
#include <retort/app/security.h>
#include <retort/app/session.h>
#include <retort/app/signal.h>
#include <retort/app/template.h>
#include <retort/app/view.h>
#include <retort/base/arena.h>
#include <retort/base/buf.h>
#include <retort/base/escape.h>
#include <retort/base/format.h>
#include <retort/base/json.h>
#include <retort/base/log.h>
#include <retort/base/value.h>
#include <retort/base/wait.h>
#include <retort/cli/main.h>
#include <retort/crypto/digest.h>
#include <retort/crypto/random.h>
#include <retort/crypto/token.h>
