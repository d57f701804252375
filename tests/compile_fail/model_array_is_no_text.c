// error: (not compatible with any|_Generic)
#include <retort.h>
#include <retort/db.h>

typedef struct post {
    int64_t id;
    const char *title;
    char name[20];
} post;

#ifdef RT_GOOD
RT_MODEL(post, "post", RT_FIELD(post, id, .primary_key = true),
         RT_FIELD(post, title));
#else
RT_MODEL(post, "post", RT_FIELD(post, id, .primary_key = true),
         RT_FIELD(post, name));
#endif
