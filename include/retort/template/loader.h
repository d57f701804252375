// Loaders: where the sources of templates come from.
//
// A loader is a function and its data; the ones below are made in an arena and
// live as long as it. Names are paths with slashes.
//
// Follows jinja2.loaders.
#pragma once

#include <retort/base/arena.h>
#include <retort/base/attributes.h>
#include <retort/base/pairs.h>
#include <retort/base/status.h>
#include <retort/base/str.h>

RT_C_BEGIN

// What a loader found.
typedef struct rt_template_source {
    rt_str text;
    rt_str file;    // for messages; empty: the name of the template
    uint64_t stamp; // changes when the source does; 0: never changes
} rt_template_source;

typedef struct rt_template_loader {
    // Load a template. The arena lives at least until the text was compiled.
    //
    //   errors   RT_E_NOT_FOUND   there is none of that name; anything else
    //                             is reported as it is
    rt_status (*load)(void *self, rt_arena *arena, rt_str name,
                      rt_template_source *out);
    // The present stamp of a template, without loading it; NULL where sources
    // never change.
    uint64_t (*stamp)(void *self, rt_str name);
    // Visit the names of all templates; NULL where they cannot be listed.
    void (*each)(void *self, void (*fn)(rt_str name, void *arg), void *arg);
    void *self;
} rt_template_loader;

// Files below `folder`. Links that lead out of it are followed; a name with a
// segment ".." is not found, and "/a" is "a".
rt_template_loader rt_template_folder(rt_arena *arena, const char *folder);

// Sources in memory: rt_template_memory(arena, "a.html", "...", "b.html", text).
#define rt_template_memory(...) \
    rt_template_memory_pairs(RT_ARG1(__VA_ARGS__), RT_PAIRS_FROM2(__VA_ARGS__))
rt_template_loader rt_template_memory_pairs(rt_arena *arena,
                                            const rt_pair *sources, size_t n);

// Sources compiled into the program by `retort template bundle`.
typedef struct rt_template_bundle {
    const char *name;
    const char *text;
    size_t len;
} rt_template_bundle;

rt_template_loader rt_template_bundled(rt_arena *arena,
                                       const rt_template_bundle *bundle,
                                       size_t n);

// The first of several loaders that has the template.
rt_template_loader rt_template_choice(rt_arena *arena,
                                      const rt_template_loader *loaders,
                                      size_t n);

// A loader per prefix: "admin/page.html" is page.html of the one at "admin".
typedef struct rt_template_prefix {
    const char *prefix;
    rt_template_loader loader;
} rt_template_prefix;

rt_template_loader rt_template_prefixes(rt_arena *arena,
                                        const rt_template_prefix *prefixes,
                                        size_t n);

RT_C_END
