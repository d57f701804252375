// Statements: the text as a program writes it, and as its engine takes it.
//
// The tokenizer knows what may hide a question mark - text, quoted names, comments,
// PostgreSQL's dollar quotes - and nothing else of the language. Each text is read
// once per process and kept; how many are kept is limited, for texts that are put
// together at run time.
#include <string.h>

#include <retort/base/map.h>

#include "driver.h"

// Texts kept per engine, for as long as the process. Those that come later are made
// anew in the arena of whoever asks.
#define STATEMENTS_MAX 4000

typedef struct scan {
    rt_db_engine engine;
    rt_str rest;
    rt_buf out;
    size_t n_params;
    const char *why;
    bool callee;  // a bracket that comes next may call something
    bool calls;   // a function that is not known to change nothing
    bool returns; // RETURNING
    bool locks;   // FOR UPDATE, INTO: more than reading
} scan;

static bool is_word_char(char c)
{
    return rt_is_alpha(c) || rt_is_digit(c) || c == '_' ||
           (unsigned char)c >= 0x80;
}

static void copy(scan *s, size_t len)
{
    rt_buf_put(&s->out, rt_str_take(&s->rest, len));
}

// Up to and with `mark`; false where it does not come.
static bool copy_past(scan *s, size_t from, rt_str mark, const char *what)
{
    size_t at = rt_str_find(rt_str_slice(s->rest, from, s->rest.len), mark);
    if (at == RT_STR_NONE) {
        s->why = what;
        return false;
    }
    copy(s, from + at + mark.len);
    return true;
}

// A quote that is doubled is two quoted pieces side by side; on MariaDB, and in
// PostgreSQL's E'...', a backslash escapes.
static bool copy_quoted(scan *s, char quote, bool escapes)
{
    for (size_t i = 1; i < s->rest.len; i++) {
        if (escapes && s->rest.data[i] == '\\') {
            i++;
        } else if (s->rest.data[i] == quote) {
            copy(s, i + 1);
            return true;
        }
    }
    s->why = "a quote is not closed";
    return false;
}

static bool copy_comment(scan *s)
{
    if (s->rest.data[0] != '/') {
        copy(s, rt_str_find_char(s->rest, '\n'));
        return true;
    }
    if (s->engine != RT_DB_POSTGRESQL)
        return copy_past(s, 2, RT_STR("*/"), "a comment is not closed");
    // PostgreSQL's comments lie in one another.
    size_t depth = 1;
    for (size_t i = 2; i + 1 < s->rest.len; i++) {
        bool opens = s->rest.data[i] == '/' && s->rest.data[i + 1] == '*';
        bool closes = s->rest.data[i] == '*' && s->rest.data[i + 1] == '/';
        if (opens || closes) {
            depth = opens ? depth + 1 : depth - 1;
            i++;
        }
        if (!depth) {
            copy(s, i + 1);
            return true;
        }
    }
    s->why = "a comment is not closed";
    return false;
}

// $tag$ ... $tag$
static bool copy_dollar(scan *s)
{
    size_t end = 1;
    while (end < s->rest.len && is_word_char(s->rest.data[end]))
        end++;
    bool tag = end < s->rest.len && s->rest.data[end] == '$' &&
               (end == 1 || !rt_is_digit(s->rest.data[1]));
    if (!tag) {
        copy(s, 1);
        return true;
    }
    rt_str mark = rt_str_slice(s->rest, 0, end + 1);
    return copy_past(s, mark.len, mark, "a dollar quote is not closed");
}

static void put_param(scan *s)
{
    rt_str_take(&s->rest, 1);
    if (rt_str_skip(&s->rest, RT_STR("?"))) {
        rt_buf_put_char(&s->out, '?');
        return;
    }
    // `?1` would become `$11`.
    if (s->rest.len && rt_is_digit(s->rest.data[0]))
        s->why = "a number follows a question mark: parameters have none";
    s->n_params++;
    if (s->engine == RT_DB_POSTGRESQL) {
        rt_buf_put_char(&s->out, '$');
        rt_buf_put_uint(&s->out, s->n_params);
    } else {
        rt_buf_put_char(&s->out, '?');
    }
}

static bool is_one_of(rt_str word, const char *const *words)
{
    for (; *words; words++)
        if (rt_str_eq_nocase(word, rt_str_from(*words)))
            return true;
    return false;
}

// A word, and whether it makes the statement more than a look.
static void copy_word(scan *s)
{
    // Before a bracket these are no functions, or ones that change nothing.
    static const char *const harmless[] = {
        "count", "sum",   "min",     "max",     "avg",    "coalesce",
        "lower", "upper", "length",  "in",      "and",    "or",
        "not",   "where", "from",    "on",      "exists", "as",
        "any",   "all",   "by",      "select",  "join",   "when",
        "then",  "else",  "varchar", "numeric", "abs",    "round",
        "trim",  "using", "values",  "limit",   "over",   "having",
        "union", "like",  "cast",    "between", "except", "distinct",
        NULL};
    // These change something without a bracket: sequences of MariaDB.
    static const char *const calling[] = {"next", "nextval", NULL};
    static const char *const locking[] = {"update", "share", "into", "insert",
                                          "delete", "merge", "call", NULL};
    size_t len = 0;
    // PostgreSQL's names may have a dollar in them, which begins no quote there.
    while (len < s->rest.len &&
           (is_word_char(s->rest.data[len]) ||
            (s->engine == RT_DB_POSTGRESQL && s->rest.data[len] == '$')))
        len++;
    rt_str word = rt_str_slice(s->rest, 0, len);
    bool text = len == 1 && rt_to_lower(word.data[0]) == 'e' &&
                s->engine == RT_DB_POSTGRESQL && s->rest.len > 1 &&
                s->rest.data[1] == '\'';
    copy(s, len);
    if (text) {
        copy_quoted(s, '\'', true);
        return;
    }
    s->callee = !is_one_of(word, harmless);
    if (is_one_of(word, calling))
        s->calls = true;
    if (is_one_of(word, locking))
        s->locks = true;
    if (rt_str_eq_nocase(word, RT_STR("returning")))
        s->returns = true;
}

// -- to the end of the line, which MariaDB wants a space behind; its #; /* */
static bool is_comment(const scan *s, char c, char then)
{
    if (c == '-' && then == '-')
        return s->engine != RT_DB_MARIADB || s->rest.len == 2 ||
               rt_is_space(s->rest.data[2]);
    return (c == '#' && s->engine == RT_DB_MARIADB) ||
           (c == '/' && then == '*');
}

// What a sign says about what the statement does.
static void note_sign(scan *s, char c, char then)
{
    rt_str after = rt_str_slice(s->rest, 1, s->rest.len);
    if ((c == '(' && s->callee) || (c == ':' && then == '='))
        s->calls = true;
    if (c == ';' && rt_str_trim(after).len)
        s->locks = true; // another statement may follow
    if (!rt_is_space(c))
        s->callee = false;
}

static bool scan_one(scan *s)
{
    char c = s->rest.data[0], then = s->rest.len > 1 ? s->rest.data[1] : '\0';
    if (is_comment(s, c, then))
        return copy_comment(s);
    note_sign(s, c, then);
    // A quoted name may be one of a function.
    s->callee |= c == '"' || c == '`' || c == '[';
    switch (c) {
    case '?': put_param(s); return true;
    case '\'': return copy_quoted(s, c, s->engine == RT_DB_MARIADB);
    case '"': return copy_quoted(s, c, s->engine == RT_DB_MARIADB);
    case '`':
        if (s->engine != RT_DB_POSTGRESQL)
            return copy_quoted(s, c, false);
        break;
    case '[':
        if (s->engine == RT_DB_SQLITE)
            return copy_past(s, 1, RT_STR("]"), "a bracket is not closed");
        break;
    case '$':
        if (s->engine == RT_DB_POSTGRESQL)
            return copy_dollar(s);
        break;
    default: break;
    }
    if (is_word_char(c))
        copy_word(s);
    else
        copy(s, 1);
    return true;
}

static rt_str first_word(rt_str sql)
{
    while (sql.len && !is_word_char(sql.data[0])) {
        if (rt_str_skip(&sql, RT_STR("--")))
            rt_str_take(&sql, rt_str_find_char(sql, '\n'));
        else if (rt_str_skip(&sql, RT_STR("/*")))
            rt_str_take(&sql, rt_str_find(sql, RT_STR("*/")));
        else
            rt_str_take(&sql, 1);
    }
    size_t len = 0;
    while (len < sql.len && is_word_char(sql.data[len]))
        len++;
    return rt_str_slice(sql, 0, len);
}

static uint64_t last_id;

rt_status rt__db_stmt_make(rt_arena *arena, rt_db_engine engine, rt_str sql,
                           rt__stmt *out, const char **why)
{
    scan s = {.engine = engine, .rest = sql};
    rt_buf_init(&s.out, arena);
    while (s.rest.len && !s.why)
        if (!scan_one(&s))
            break;
    if (s.why) {
        *why = s.why;
        return RT_E_SYNTAX;
    }
    rt_str word = first_word(sql);
    bool select = rt_str_eq_nocase(word, RT_STR("select"));
    *out = (rt__stmt){.sql = sql,
                      .native = rt_str_copy(arena, rt_buf_str(&s.out)),
                      .n_params = s.n_params,
                      .is_select =
                          !s.locks &&
                          (select || rt_str_eq_nocase(word, RT_STR("values")) ||
                           rt_str_eq_nocase(word, RT_STR("with"))),
                      .is_pure = select && !s.locks && !s.calls,
                      .returns = s.returns,
                      .id = ++last_id};
    return RT_OK;
}

rt_status rt__db_stmt_for(rt_arena *arena, rt_db_engine engine, const char *sql,
                          const rt__stmt **out, const char **why)
{
    rt_status status = rt__db_stmt_get(engine, sql, out, why);
    if (RT_LIKELY(status != RT_E_LIMIT))
        return status;
    rt__stmt *stmt = rt_new(arena, rt__stmt, 1);
    *out = stmt;
    return rt__db_stmt_make(arena, engine, rt_str_copy(arena, rt_str_from(sql)),
                            stmt, why);
}

// ---- the cache ------------------------------------------------------------------

static rt_arena memory; // of the process

static struct cache {
    rt_map map;
    bool made;

    // Literals come again at the same address, and are found without hashing. What
    // lies there is compared, as other text may have come to lie there.
    struct {
        const char *at;
        const rt__stmt *stmt;
    } recent[256];
} caches[3];

static const rt__stmt **recent_of(struct cache *cache, const char *sql)
{
    size_t slot = ((uintptr_t)sql >> 3 ^ (uintptr_t)sql >> 11) & 255;
    if (cache->recent[slot].at != sql) {
        cache->recent[slot].at = sql;
        cache->recent[slot].stmt = NULL;
    }
    return &cache->recent[slot].stmt;
}

rt_status rt__db_stmt_get(rt_db_engine engine, const char *sql,
                          const rt__stmt **out, const char **why)
{
    struct cache *cache = &caches[engine];
    const rt__stmt **recent = recent_of(cache, sql);
    if (*recent && strcmp((*recent)->sql.data, sql) == 0) {
        *out = *recent;
        return RT_OK;
    }
    if (!cache->made) {
        rt_map_init(&cache->map, &memory);
        cache->made = true;
    }
    rt_str text = rt_str_from(sql);
    rt__stmt *stmt = rt_map_get(&cache->map, text);
    if (!stmt && rt_map_len(&cache->map) >= STATEMENTS_MAX)
        return RT_E_LIMIT;
    if (!stmt) {
        rt_arena_mark mark = rt_arena_save(&memory);
        stmt = rt_new(&memory, rt__stmt, 1);
        rt_status status =
            rt__db_stmt_make(&memory, engine, rt_str_copy(&memory, text), stmt,
                             why);
        if (status) {
            rt_arena_rewind(&memory, mark);
            return status;
        }
        rt_map_put(&cache->map, stmt->sql, stmt);
    }
    *recent = *out = stmt;
    return RT_OK;
}
