#include "retort/http/code.h"

rt_code_family rt_code_family_of(int code)
{
    return code >= 100 && code < 600 ? (rt_code_family)(code / 100)
                                     : RT_CODE_INVALID;
}

// clang-format off
#define KNOWN_CASE(code, reason, text)  case code: return true;
#define REASON_CASE(code, reason, text) case code: return RT_STR(reason);
#define TEXT_CASE(code, reason, text)   case code: return RT_STR(text);

// clang-format on

bool rt_code_is_known(int code)
{
    switch (code) {
        RT_CODES(KNOWN_CASE)
    default: return false;
    }
}

rt_str rt_code_reason(int code)
{
    switch (code) {
        RT_CODES(REASON_CASE)
    default: return RT_STR("Unknown");
    }
}

rt_str rt_code_text(int code)
{
    switch (code) {
        RT_CODES(TEXT_CASE)
    default: return RT_STR("");
    }
}

bool rt_code_is_bodiless(int code)
{
    return (code >= 100 && code < 200) || code == 204 || code == 304;
}
