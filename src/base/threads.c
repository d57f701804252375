#include "base/threads.h"

#include <assert.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <retort/base/error.h>

// As many as libuv has, so that programs meet the same concurrency with either
// reactor.
#define THREADS_MAX 4

struct rt__threads {
    pthread_mutex_t lock;
    pthread_cond_t work_came;

    // Under the lock.
    rt_work *first;
    rt_work *last;
    size_t queued;
    size_t idle; // threads that wait for work
    bool ending;

    // The owner's.
    size_t busy; // works whose `done` has not been called
    size_t started;
    pthread_t ids[THREADS_MAX];
};

rt__threads *rt__threads_new(void)
{
    rt__threads *threads = calloc(1, sizeof(*threads));
    if (!threads)
        rt_panic("out of memory for a thread pool");

    pthread_mutex_init(&threads->lock, NULL);
    pthread_cond_init(&threads->work_came, NULL);
    return threads;
}

static void work_posted(rt_post *post)
{
    rt_work *work = RT_CONTAINER(post, rt_work, post);
    rt__threads *threads = work->handle;

    threads->busy--;
    work->done(work);
}

// Wait for work. NULL: there is none and there will be none.
static rt_work *take(rt__threads *threads)
{
    pthread_mutex_lock(&threads->lock);
    threads->idle++;
    while (!threads->first && !threads->ending)
        pthread_cond_wait(&threads->work_came, &threads->lock);
    threads->idle--;

    rt_work *work = threads->first;
    if (work) {
        threads->first = work->next;
        threads->queued--;
    }
    pthread_mutex_unlock(&threads->lock);
    return work;
}

static void *thread_main(void *arg)
{
    rt__threads *threads = arg;

    for (rt_work *work; (work = take(threads));) {
        work->run(work);
        work->post.fn = work_posted;
        rt_reactor_post(work->reactor, &work->post); // `work` is gone now
    }
    return NULL;
}

// Signals are the main thread's business; a new thread inherits the mask.
static void start_thread(rt__threads *threads)
{
    sigset_t all;
    sigset_t before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = pthread_create(&threads->ids[threads->started], NULL,
                               thread_main, threads);
    pthread_sigmask(SIG_SETMASK, &before, NULL);

    if (error == 0) {
        threads->started++;
    } else if (threads->started == 0) {
        rt_panic("cannot start a thread: %s", strerror(error));
    }
}

void rt__threads_submit(rt__threads *threads, rt_work *work)
{
    work->next = NULL;
    work->handle = threads;
    threads->busy++;

    pthread_mutex_lock(&threads->lock);
    if (threads->first) {
        threads->last->next = work;
    } else {
        threads->first = work;
    }
    threads->last = work;
    threads->queued++;
    bool more = threads->queued > threads->idle;
    pthread_cond_signal(&threads->work_came);
    pthread_mutex_unlock(&threads->lock);

    if (more && threads->started < THREADS_MAX)
        start_thread(threads);
}

size_t rt__threads_busy(const rt__threads *threads)
{
    return threads->busy;
}

void rt__threads_free(rt__threads *threads)
{
    pthread_mutex_lock(&threads->lock);
    threads->ending = true;
    pthread_cond_broadcast(&threads->work_came);
    pthread_mutex_unlock(&threads->lock);

    for (size_t i = 0; i < threads->started; i++)
        pthread_join(threads->ids[i], NULL);
    pthread_cond_destroy(&threads->work_came);
    pthread_mutex_destroy(&threads->lock);
    free(threads);
}

void rt__threads_forget(rt__threads *threads)
{
    free(threads); // a lock held by a lost thread cannot be destroyed
}
