// error: a key is missing its value
#include <retort.h>

void check(rt_client *client);

void check(rt_client *client)
{
#ifdef RT_GOOD
    rt_client_get(client, "/", .headers = RT_FIELDS("Accept", "text/html"));
#else
    rt_client_get(client, "/", .headers = RT_FIELDS("Accept"));
#endif
}
