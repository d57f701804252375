// Text without meaning, to fill pages with.
#pragma once

#include "template/runtime.h"

// The global lipsum(n=5, html=true, min=20, max=100): `n` paragraphs of `min` to
// `max` - 1 words each.
//
//   limits   RT__LIPSUM_WORDS_MAX words
#define RT__LIPSUM_WORDS_MAX ((size_t)1 << 20)
rt__builtin_fn rt__lipsum;
