// What text is a link, as the filter urlize sees it.
//
// All take one word, that is text without white space, and look at all of it.
#pragma once

#include <stdbool.h>

#include <retort/base/str.h>

// http:// or https:// and a host, www. and a host, or a host of one of the old
// top level domains; with port, path and so on.
bool rt__is_url(rt_str word);

bool rt__is_email(rt_str word);

// The beginning of URLs of a scheme: "ftp://", "tel:".
bool rt__is_scheme(rt_str word);
