/* SPDX-License-Identifier: MIT */
#include "http/confine.h"

#include "base/log.h"

#ifdef HAVE_SECCOMP

#include <errno.h>
#include <sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <string.h>

static const char *const given_up[] = {
    /* other programs and processes */
    "execve", "execveat", "fork", "vfork", "ptrace", "process_vm_readv", "process_vm_writev",
    "process_madvise", "pidfd_getfd", "kcmp",
    /* other people and rights */
    "setuid", "setgid", "setreuid", "setregid", "setresuid", "setresgid", "setfsuid", "setfsgid",
    "setgroups", "capset", "personality",
    /* other places */
    "chroot", "pivot_root", "mount", "umount2", "mount_setattr", "move_mount", "open_tree",
    "fsopen", "fsmount", "unshare", "setns", "open_by_handle_at",
    /* the machine */
    "reboot", "swapon", "swapoff", "kexec_load", "kexec_file_load", "init_module", "finit_module",
    "delete_module", "iopl", "ioperm", "settimeofday", "clock_settime", "clock_adjtime", "adjtimex",
    "sethostname", "setdomainname", "acct", "quotactl",
    /* doors of the kernel that have been open too often */
    "bpf", "perf_event_open", "userfaultfd", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "add_key", "request_key", "keyctl", "modify_ldt", "vmsplice"};

/* One that this kernel or machine does not have needs no rule. */
static int give_up(scmp_filter_ctx filter, const char *name)
{
    const int number = seccomp_syscall_resolve_name(name);

    return number == __NR_SCMP_ERROR ? 0
                                     : seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
}

/* A thread is begun by clone(), as a process would be. The flags of clone3() lie in memory, where
 * no filter can look: whoever is told that there is no such call takes clone(). */
static int leave_threads_alone(scmp_filter_ctx filter)
{
    const int wrong = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                                       SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));

    return wrong != 0 ? wrong
                      : seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

/* 0, or an errno below 0. */
static int fill(scmp_filter_ctx filter)
{
    int wrong = leave_threads_alone(filter);

    for (size_t i = 0; wrong == 0 && i < sizeof(given_up) / sizeof(given_up[0]); i++) {
        wrong = give_up(filter, given_up[i]);
    }
    return wrong != 0 ? wrong : seccomp_load(filter);
}

void confine(void)
{
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
    const int wrong = filter == NULL ? -ENOMEM : fill(filter);

    seccomp_release(filter);
    if (wrong != 0) {
        log_event(LOG_LEVEL_INFO, "not_confined", LOG_TEXT("says", strerror(-wrong)));
    }
}

#else

void confine(void)
{
    log_event(LOG_LEVEL_INFO, "not_confined", LOG_TEXT("says", "built without libseccomp"));
}

#endif
