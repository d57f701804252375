// exit: 70
// stderr: misuse/config_bound_wrong\.c:{line:HERE}:
// stderr: POOL is 'many', but member pool is int64_t
#include <retort.h>

typedef struct settings {
    int64_t pool;
} settings;

int main(void)
{
    rt_app *app = rt_app_new("shop", .root_path = ".");
    static settings s = {1};
    rt_config_bind(app, &s, RT_CONFIG_FIELD(settings, pool)); /* HERE */
    rt_config_set(app, "POOL", "many");
    rt_client_free(rt_client_new(app));
    return 0;
}
