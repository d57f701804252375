// The master's side of crashes: what happened, in words, with functions and
// lines. Master and worker are images of one program, so an address in the
// worker means the same here.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef RT_HAVE_DW
#include <elfutils/libdwfl.h>
#else
#include <dlfcn.h>
#endif

#include <retort/base/buf.h>

#include "server/crash.h"

#ifdef RT_HAVE_DW
typedef struct symbols {
    Dwfl *dwfl;
} symbols;

static void symbols_open(symbols *s)
{
    static char *path; // search no other places for debugging information
    static const Dwfl_Callbacks callbacks = {
        .find_elf = dwfl_linux_proc_find_elf,
        .find_debuginfo = dwfl_standard_find_debuginfo,
        .debuginfo_path = &path};
    s->dwfl = dwfl_begin(&callbacks);
    if (!s->dwfl)
        return;
    dwfl_report_begin(s->dwfl);
    dwfl_linux_proc_report(s->dwfl, getpid());
    dwfl_report_end(s->dwfl, NULL, NULL);
}

static void symbols_close(symbols *s)
{
    if (s->dwfl)
        dwfl_end(s->dwfl);
}

static void put_symbol(symbols *s, const void *frame, bool exact, rt_buf *out)
{
    // A return address belongs to the line after the call.
    Dwarf_Addr address = (uintptr_t)frame - !exact;
    Dwfl_Module *module = s->dwfl ? dwfl_addrmodule(s->dwfl, address) : NULL;
    const char *name = module ? dwfl_module_addrname(module, address) : NULL;
    Dwfl_Line *line = module ? dwfl_module_getsrc(module, address) : NULL;
    int number = 0;
    const char *file =
        line ? dwfl_lineinfo(line, NULL, &number, NULL, NULL, NULL) : NULL;

    rt_buf_printf(out, "%s", name ? name : "??");
    if (file)
        rt_buf_printf(out, " at %s:%d", file, number);
    else if (module)
        rt_buf_printf(out, " in %s",
                      dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL,
                                       NULL, NULL));
}
#else
typedef struct symbols {
    int unused;
} symbols;

static void symbols_open(symbols *s)
{
    (void)s;
}

static void symbols_close(symbols *s)
{
    (void)s;
}

static void put_symbol(symbols *s, const void *frame, bool exact, rt_buf *out)
{
    Dl_info info;
    (void)s;
    (void)exact;
    if (dladdr(frame, &info) && info.dli_fname)
        rt_buf_printf(out, "%s in %s", info.dli_sname ? info.dli_sname : "??",
                      info.dli_fname);
    else
        rt_buf_put_cstr(out, "??");
}
#endif

static void put_repeats(const rt__crash_frame *f, rt_buf *out)
{
    if (!f->repeats)
        return;
    if (f->period == 1)
        rt_buf_put_cstr(out, "\n   ... ");
    else
        rt_buf_printf(out, "\n   ... the last %d frames ", f->period);
    rt_buf_printf(out, "%d more times", f->repeats);
}

static void put_frames(const rt__crash_slot *slot, rt_buf *out)
{
    symbols s = {0};
    int expected = 0; // the number of the next frame
    if (slot->state != RT__CRASH_FRAMES_TOO) {
        rt_buf_put_cstr(out, "the stack could not be walked");
        return;
    }
    symbols_open(&s);
    for (int i = 0; i < slot->frames_len; i++) {
        const rt__crash_frame *f = &slot->frames[i];
        if (f->number != expected)
            rt_buf_printf(out, "\n   ... %d frames", f->number - expected);
        rt_buf_printf(out, "%s#%d %p ", i ? "\n" : "", f->number, f->address);
        put_symbol(&s, f->address, i == 0, out);
        put_repeats(f, out);
        expected = f->number + 1 + f->repeats * f->period;
    }
    symbols_close(&s);
}

static void put_how(int status, rt_buf *out)
{
    if (WIFSIGNALED(status)) {
        const char *name = sigabbrev_np(WTERMSIG(status));
        rt_buf_printf(out, "died of SIG%s", name ? name : "?");
    } else {
        rt_buf_printf(out, "ended with status %d", WEXITSTATUS(status));
    }
}

void rt__crash_describe(const rt__crash_slot *slot, int status, rt_buf *what,
                        rt_buf *frames)
{
    put_how(status, what);
    if (!slot->state)
        return;
    if (slot->overflow)
        rt_buf_put_cstr(what, " (stack overflow)");
    else if (slot->signal == SIGSEGV || slot->signal == SIGBUS)
        rt_buf_printf(what, " (address %p)", slot->address);
    if (slot->method[0])
        rt_buf_printf(what, " while answering %s %s", slot->method, slot->path);
    put_frames(slot, frames);
}
