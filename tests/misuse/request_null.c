// exit: 70
// stderr: misuse/request_null\.c:{line:HERE}:
// stderr: the request is NULL
#include <retort.h>

int main(void)
{
    rt_url_for(NULL, "index", "page", 2); /* HERE */
    return 0;
}
