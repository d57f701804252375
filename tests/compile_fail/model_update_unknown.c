// error: titel
#include <retort.h>
#include <retort/db.h>

typedef struct post {
    int64_t id;
    const char *title;
} post;

RT_MODEL(post, "post", RT_FIELD(post, id, .primary_key = true),
         RT_FIELD(post, title));

void change(rt_request *req, post *row);

void change(rt_request *req, post *row)
{
#ifdef RT_GOOD
    rt_db_update(req, post, row, title);
#else
    rt_db_update(req, post, row, titel);
#endif
}
