// exit: 70
// stderr: misuse/request_null_text\.c:{line:HERE}:
// stderr: the request is NULL
#include <retort.h>

int main(void)
{
    rt_text(NULL, "hello"); /* HERE */
    return 0;
}
