// The rule somebody may have meant: whose endpoint looks most alike.
//
// The likeness of two names is twice the number of bytes they share, divided by
// the bytes they have. Shared are those of the longest text found in both, and,
// in turn, those shared by what is before it and by what is behind it.
#include <retort/base/vec.h>

#include "retort/routing/build.h"
#include "routing/map.h"

// Longer names are compared up to here; what is compared may be a client's.
#define NAME_MAX 128

// What a rule gets for having the values and the method: it decides between
// names that are equally alike.
#define LIKENESS_SHARE 0.98
#define DETAIL_SHARE   0.01

// Find the longest text in both; of several, the first in `a`, then in `b`.
static size_t longest_common(rt_str a, rt_str b, size_t *at_a, size_t *at_b)
{
    // lens[j]: how long the text is that ends before b[j] and before the
    // present place in a. From the right, as the row is its own predecessor.
    size_t lens[NAME_MAX + 1] = {0};
    size_t best = 0;
    for (size_t i = 0; i < a.len; i++) {
        for (size_t j = b.len; j > 0; j--) {
            lens[j] = a.data[i] == b.data[j - 1] ? lens[j - 1] + 1 : 0;
            if (lens[j] > best ||
                (lens[j] == best && best && *at_a + best == i + 1)) {
                best = lens[j];
                *at_a = i + 1 - best;
                *at_b = j - best;
            }
        }
    }
    return best;
}

static size_t count_shared(rt_str a, rt_str b)
{
    size_t at_a = 0;
    size_t at_b = 0;
    size_t len = longest_common(a, b, &at_a, &at_b);
    if (!len)
        return 0;
    return len +
           count_shared(rt_str_slice(a, 0, at_a), rt_str_slice(b, 0, at_b)) +
           count_shared(rt_str_slice(a, at_a + len, a.len),
                        rt_str_slice(b, at_b + len, b.len));
}

// Names that are less alike are not worth a hint; difflib's get_close_matches has
// the same.
#define LIKENESS_MIN 0.6

static double likeness(const char *name, const char *other)
{
    rt_str a = rt_str_slice(rt_str_from(name), 0, NAME_MAX);
    rt_str b = rt_str_slice(rt_str_from(other), 0, NAME_MAX);
    if (a.len + b.len == 0)
        return 1;
    return 2.0 * (double)count_shared(a, b) / (double)(a.len + b.len);
}

bool rt__names_alike(const char *name, const char *other)
{
    return likeness(name, other) >= LIKENESS_MIN;
}

static bool has_all(const rt_url_rule *rule, const rt_pair *args,
                    size_t args_len)
{
    for (size_t i = 0; i < args_len; i++) {
        if (!rt__rule_has_name(rule, args[i].name))
            return false;
    }
    return true;
}

const rt_url_rule *rt_url_nearest(const rt_url_map *map, const char *endpoint,
                                  const rt_pair *args, size_t args_len,
                                  rt_str method)
{
    const rt_url_rule *nearest = NULL;
    double best = -1;
    rt_method number = rt_method_parse(method);

    rt_map_each(entry, &map->endpoints) {
        const rt__endpoint *e = entry->value;
        double like = LIKENESS_SHARE * likeness(entry->key.data, endpoint);
        rt_vec_each(rt_url_rule *, rule, &e->rules) {
            double score = like;
            if (has_all(*rule, args, args_len))
                score += DETAIL_SHARE;
            if (method.len && rt__rule_allows(*rule, number, method))
                score += DETAIL_SHARE;
            if (score > best) {
                best = score;
                nearest = *rule;
            }
        }
    }
    return nearest;
}
