// exit: 70
// stderr: misuse/app_without_name\.c:{line:HERE}: rt_app_new: an application needs a name
#include <retort.h>

int main(void)
{
    rt_app_new(""); /* HERE */
    return 0;
}
