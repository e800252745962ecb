/* SPDX-License-Identifier: MIT */
#include "../support.h"
#include "http/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

/* Does one thing where confine() holds, in a process of its own; what it returns there. */
static int confined(int (*deed)(void))
{
    int status;
    const pid_t child = fork();

    assert_true(child >= 0);
    if (child == 0) {
        confine();
        _exit(deed());
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void *nothing(void *argument)
{
    return argument;
}

static int begin_a_thread(void)
{
    pthread_t thread;
    const int wrong = pthread_create(&thread, NULL, nothing, NULL);

    return wrong != 0 ? wrong : pthread_join(thread, NULL);
}

static int read_a_file(void)
{
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);

    return file < 0 ? errno : close(file);
}

#ifdef HAVE_SECCOMP
static int run_a_program(void)
{
    char *const arguments[] = {(char[]){"true"}, NULL};

    (void)execv("/bin/true", arguments);
    return errno;
}

static int begin_a_process(void)
{
    const pid_t child = fork();

    if (child == 0) {
        _exit(0);
    }
    return child < 0 ? errno : 0;
}

static int become_somebody_else(void)
{
    return setuid(getuid()) < 0 ? errno : 0;
}

static int look_into_a_process(void)
{
    return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? errno : 0;
}

static void test_what_is_given_up_is_refused(void **state)
{
    (void)state;
    assert_int_equal(confined(run_a_program), EPERM);
    assert_int_equal(confined(begin_a_process), EPERM);
    assert_int_equal(confined(become_somebody_else), EPERM);
    assert_int_equal(confined(look_into_a_process), EPERM);
}
#else
static void test_what_is_given_up_is_refused(void **state)
{
    (void)state;
    skip();
}
#endif

static void test_what_the_server_does_goes_on(void **state)
{
    (void)state;
    assert_int_equal(confined(begin_a_thread), 0);
    assert_int_equal(confined(read_a_file), 0);
}

int main(void)
{
    const struct CMUnitTest promises[] = {
        PROMISE(test_what_is_given_up_is_refused),
        PROMISE(test_what_the_server_does_goes_on),
    };

    return RUN_ALL(promises);
}
