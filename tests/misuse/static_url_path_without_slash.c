// exit: 70
// stderr: misuse/static_url_path_without_slash\.c:{line:HERE}:
// stderr: rt_app_new: .static_url_path "assets" must begin with a slash
#include <retort.h>

int main(void)
{
    (void)rt_app_new("shop", .static_url_path = "assets"); /* HERE */
    return 0;
}
