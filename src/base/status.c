#include "retort/base/status.h"

#include <errno.h>

const char *rt_status_text(rt_status status)
{
#define TEXT(name, text) \
    case name: return text;
    switch (status) {
        RT_STATUSES(TEXT)
    }
#undef TEXT
    return "unknown status";
}

const char *rt_status_name(rt_status status)
{
#define NAME(name, text) \
    case name: return #name;
    switch (status) {
        RT_STATUSES(NAME)
    }
#undef NAME
    return "?";
}

rt_status rt_status_from_errno(int error)
{
    switch (error) {
    case 0: return RT_OK;
    case ENOENT: return RT_E_NOT_FOUND;
    case ENOTDIR: return RT_E_NOT_FOUND;
    case EEXIST: return RT_E_EXISTS;
    case EACCES: return RT_E_ACCESS;
    case EPERM: return RT_E_ACCESS;
    case ETIMEDOUT: return RT_E_TIMEOUT;
    case ECANCELED: return RT_E_CANCELLED;
    case EPIPE: return RT_E_CLOSED;
    case ECONNRESET: return RT_E_CLOSED;
    case EAGAIN: return RT_E_AGAIN;
    case EBUSY: return RT_E_BUSY;
    case EIO: return RT_E_IO;
    default: return RT_E_SYSTEM;
    }
}
