#include "retort/template/loader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <retort/base/buf.h>
#include <retort/base/map.h>

// Larger files are no templates.
#define SOURCE_BYTES_MAX ((size_t)16 << 20)

// A name that stays below where it starts.
static bool is_safe_name(rt_str name)
{
    rt_str rest = name;
    if (!name.len || memchr(name.data, '\0', name.len))
        return false;
    while (rest.data)
        if (rt_str_eq(rt_str_cut(&rest, '/'), RT_STR("..")))
            return false;
    return true;
}

// ---- folders ---------------------------------------------------------------

static bool put_path(char *out, size_t bytes, const char *folder, rt_str name)
{
    int len = snprintf(out, bytes, "%s/%.*s", folder, RT_STR_ARG(name));
    return is_safe_name(name) && len > 0 && (size_t)len < bytes;
}

static uint64_t stamp_of(const struct stat *st)
{
    uint64_t ns = (uint64_t)st->st_mtim.tv_sec * 1000000000u +
                  (uint64_t)st->st_mtim.tv_nsec;
    return (ns ^ (uint64_t)st->st_size << 40 ^ (uint64_t)st->st_ino) | 1;
}

#define GROWN_BYTES 4096 // what is looked for behind a file's end

static ssize_t read_some(int fd, rt_buf *out, size_t bytes)
{
    ssize_t n;
    rt_buf_reserve(out, bytes);
    do {
        n = read(fd, rt_buf_end(out), bytes);
    } while (n < 0 && errno == EINTR);
    out->len += n > 0 ? (size_t)n : 0;
    return n;
}

static rt_status read_file(int fd, rt_arena *arena, rt_template_source *out)
{
    struct stat st;
    if (fstat(fd, &st))
        return rt_status_from_errno(errno);
    if (!S_ISREG(st.st_mode))
        return RT_E_NOT_FOUND;
    if ((size_t)st.st_size > SOURCE_BYTES_MAX)
        return RT_E_LIMIT;
    // A file of the system says that it has no bytes, whatever it holds, and may
    // fail to be read: so it is read until its end.
    rt_buf text;
    rt_buf_init(&text, arena);
    size_t room = (size_t)st.st_size + 1;
    ssize_t n;
    while ((n = read_some(fd, &text, room)) > 0) {
        if (text.len > SOURCE_BYTES_MAX)
            return RT_E_LIMIT;
        room = room > (size_t)n ? room - (size_t)n : GROWN_BYTES;
    }
    if (n < 0)
        return rt_status_from_errno(errno);
    out->text = rt_buf_str(&text);
    out->stamp = stamp_of(&st);
    return RT_OK;
}

static rt_status load_file(void *self, rt_arena *arena, rt_str name,
                           rt_template_source *out)
{
    char path[PATH_MAX];
    if (!put_path(path, sizeof path, self, name))
        return RT_E_NOT_FOUND;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); // of a FIFO
    if (fd < 0 && (errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG))
        return RT_E_NOT_FOUND;
    if (fd < 0)
        return rt_status_from_errno(errno);
    rt_status st = read_file(fd, arena, out);
    close(fd);
    if (!st)
        out->file = rt_str_copy(arena, rt_str_from(path));
    return st;
}

static uint64_t stamp_file(void *self, rt_str name)
{
    char path[PATH_MAX];
    struct stat st;
    if (!put_path(path, sizeof path, self, name) || stat(path, &st))
        return 0;
    return stamp_of(&st);
}

#define FOLDER_DEPTH_MAX 32

// A folder being walked. A link to one of those it lies in is a loop.
typedef struct place {
    dev_t device;
    ino_t inode;
    int depth;
    const struct place *outer;
} place;

static bool is_inside(const place *p, const struct stat *st)
{
    for (; p; p = p->outer)
        if (p->device == st->st_dev && p->inode == st->st_ino)
            return true;
    return false;
}

static void each_file(const char *root, rt_str below, const place *outer,
                      void (*fn)(rt_str name, void *arg), void *arg)
{
    char path[PATH_MAX];
    struct stat here;
    snprintf(path, sizeof path, "%s/%.*s", root, RT_STR_ARG(below));
    if (stat(path, &here) || is_inside(outer, &here))
        return;
    place p = {here.st_dev, here.st_ino, outer ? outer->depth + 1 : 0, outer};
    DIR *folder = p.depth < FOLDER_DEPTH_MAX ? opendir(path) : NULL;
    if (!folder)
        return;
    struct dirent *entry;
    while ((entry = readdir(folder))) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        char name[PATH_MAX];
        int len = snprintf(name, sizeof name, "%.*s%s%s", RT_STR_ARG(below),
                           below.len ? "/" : "", entry->d_name);
        if (len < 0 || (size_t)len >= sizeof name)
            continue;
        struct stat st;
        len = snprintf(path, sizeof path, "%s/%s", root, name);
        if (len < 0 || (size_t)len >= sizeof path || stat(path, &st))
            continue;
        if (S_ISDIR(st.st_mode))
            each_file(root, rt_str_from(name), &p, fn, arg);
        else if (S_ISREG(st.st_mode))
            fn(rt_str_from(name), arg);
    }
    closedir(folder);
}

static void each_in_folder(void *self, void (*fn)(rt_str name, void *arg),
                           void *arg)
{
    each_file(self, RT_STR(""), NULL, fn, arg);
}

rt_template_loader rt_template_folder(rt_arena *arena, const char *folder)
{
    return (rt_template_loader){load_file, stamp_file, each_in_folder,
                                rt_str_cstr(arena, rt_str_from(folder))};
}

// ---- memory ------------------------------------------------------------------

static rt_status load_memory(void *self, rt_arena *arena, rt_str name,
                             rt_template_source *out)
{
    const rt_template_bundle *entry = rt_map_get(self, name);
    (void)arena;
    if (!entry)
        return RT_E_NOT_FOUND;
    *out = (rt_template_source){.text = {entry->text, entry->len}};
    return RT_OK;
}

static void each_in_memory(void *self, void (*fn)(rt_str name, void *arg),
                           void *arg)
{
    rt_map_each(entry, (rt_map *)self)
        fn(entry->key, arg);
}

rt_template_loader rt_template_bundled(rt_arena *arena,
                                       const rt_template_bundle *bundle,
                                       size_t n)
{
    rt_map *map = rt_new(arena, rt_map, 1);
    rt_map_init(map, arena);
    for (size_t i = 0; i < n; i++)
        rt_map_put(map, rt_str_from(bundle[i].name),
                   (void *)(uintptr_t)&bundle[i]);
    return (rt_template_loader){load_memory, NULL, each_in_memory, map};
}

rt_template_loader rt_template_memory_pairs(rt_arena *arena,
                                            const rt_pair *sources, size_t n)
{
    rt_template_bundle *bundle = rt_new(arena, rt_template_bundle, n);
    for (size_t i = 0; i < n; i++) {
        rt_str text =
            rt_str_copy(arena, rt_value_text(arena, sources[i].value));
        bundle[i] = (rt_template_bundle){
            rt_str_cstr(arena, rt_str_from(sources[i].name)), text.data,
            text.len};
    }
    return rt_template_bundled(arena, bundle, n);
}

// ---- several loaders -----------------------------------------------------------

typedef struct choice {
    rt_template_loader *loaders;
    size_t n;
} choice;

static rt_status load_choice(void *self, rt_arena *arena, rt_str name,
                             rt_template_source *out)
{
    choice *c = self;
    for (size_t i = 0; i < c->n; i++) {
        rt_status st = c->loaders[i].load(c->loaders[i].self, arena, name, out);
        if (st != RT_E_NOT_FOUND)
            return st;
    }
    return RT_E_NOT_FOUND;
}

// A template that appears in an earlier loader changes the stamp, too: it is
// that of the first loader which has the name.
static uint64_t stamp_choice(void *self, rt_str name)
{
    choice *c = self;
    for (size_t i = 0; i < c->n; i++) {
        uint64_t stamp = c->loaders[i].stamp
                             ? c->loaders[i].stamp(c->loaders[i].self, name)
                             : 0;
        if (stamp)
            return stamp;
    }
    return 0;
}

static void each_in_choice(void *self, void (*fn)(rt_str name, void *arg),
                           void *arg)
{
    choice *c = self;
    for (size_t i = 0; i < c->n; i++)
        if (c->loaders[i].each)
            c->loaders[i].each(c->loaders[i].self, fn, arg);
}

rt_template_loader rt_template_choice(rt_arena *arena,
                                      const rt_template_loader *loaders,
                                      size_t n)
{
    choice *c = rt_new(arena, choice, 1);
    *c = (choice){rt_arena_copy(arena, loaders, n * sizeof *loaders), n};
    return (rt_template_loader){load_choice, stamp_choice, each_in_choice, c};
}

typedef struct prefixes {
    rt_template_prefix *items;
    size_t n;
} prefixes;

// The loader of a name's first segment; the rest of the name is left.
static const rt_template_loader *find_prefix(const prefixes *p, rt_str *name)
{
    for (size_t i = 0; i < p->n; i++) {
        rt_str rest = *name;
        if (rt_str_skip(&rest, rt_str_from(p->items[i].prefix)) &&
            rt_str_skip(&rest, RT_STR("/"))) {
            *name = rest;
            return &p->items[i].loader;
        }
    }
    return NULL;
}

static rt_status load_prefix(void *self, rt_arena *arena, rt_str name,
                             rt_template_source *out)
{
    const rt_template_loader *l = find_prefix(self, &name);
    return l ? l->load(l->self, arena, name, out) : RT_E_NOT_FOUND;
}

static uint64_t stamp_prefix(void *self, rt_str name)
{
    const rt_template_loader *l = find_prefix(self, &name);
    return l && l->stamp ? l->stamp(l->self, name) : 0;
}

typedef struct prefixed {
    rt_str prefix;
    void (*fn)(rt_str name, void *arg);
    void *arg;
} prefixed;

static void visit_prefixed(rt_str name, void *arg)
{
    const prefixed *p = arg;
    char full[PATH_MAX];
    int len = snprintf(full, sizeof full, "%.*s/%.*s", RT_STR_ARG(p->prefix),
                       RT_STR_ARG(name));
    if (len > 0 && (size_t)len < sizeof full)
        p->fn(rt_str_from(full), p->arg);
}

static void each_prefixed(void *self, void (*fn)(rt_str name, void *arg),
                          void *arg)
{
    prefixes *p = self;
    for (size_t i = 0; i < p->n; i++) {
        const rt_template_loader *l = &p->items[i].loader;
        prefixed visit = {rt_str_from(p->items[i].prefix), fn, arg};
        if (l->each)
            l->each(l->self, visit_prefixed, &visit);
    }
}

rt_template_loader rt_template_prefixes(rt_arena *arena,
                                        const rt_template_prefix *items,
                                        size_t n)
{
    prefixes *p = rt_new(arena, prefixes, 1);
    *p = (prefixes){rt_arena_copy(arena, items, n * sizeof *items), n};
    return (rt_template_loader){load_prefix, stamp_prefix, each_prefixed, p};
}
