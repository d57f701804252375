// error: expected .*\)
#include <retort.h>

void produce(rt_writer *out, void *arg);

void produce(rt_writer *out, void *arg)
{
    const char *text = arg;
#ifdef RT_GOOD
    rt_write_format(out, "{}", text);
#else
    rt_write_format(out, text);
#endif
}
