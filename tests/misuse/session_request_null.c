// exit: 70
// stderr: misuse/session_request_null\.c:{line:HERE}:
// stderr: the request is NULL
#include <retort.h>

int main(void)
{
    rt_session_set(NULL, "user", 7); /* HERE */
    return 0;
}
