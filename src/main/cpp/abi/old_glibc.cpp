// Lets a library that was linked here load on a glibc as old as 2.17. What moved from libpthread and libdl into libc in
// glibc 2.34 is called by the name that every glibc has, also from the static parts of the C++ and CUDA runtimes, which
// is why a #pragma or a .symver in our own sources would not do; what older ones lack is given here. All of it is
// hidden: no other library sees it. CMakeLists.txt links the two libraries that hold these names in an old glibc.
#include <cerrno>
#include <cstdint>
#if defined(__linux__) && defined(__GLIBC__)
#include <sys/syscall.h>
#include <unistd.h>

#if __GLIBC_PREREQ(2, 34) && (defined(__x86_64__) || defined(__aarch64__))

#if defined(__x86_64__)
#define MVQ_FIRST "GLIBC_2.2.5"
#define MVQ_JUMP "jmp "
#define MVQ_PLT "@PLT"
#else
#define MVQ_FIRST "GLIBC_2.17"
#define MVQ_JUMP "b "
#define MVQ_PLT ""
#endif

/* A jump and not a call: whatever its arguments are, and dlopen sees who called. */
#define MVQ_OLD(name)                                                                                                \
  asm(".symver mvq_old_" #name ", " #name "@" MVQ_FIRST "\n.pushsection .text\n.globl " #name "\n.hidden " #name     \
      "\n.type " #name ", %function\n" #name ":\n" MVQ_JUMP "mvq_old_" #name MVQ_PLT "\n.size " #name ", . - " #name \
      "\n.popsection");

MVQ_OLD(dlclose)
MVQ_OLD(dlerror)
MVQ_OLD(dlopen)
MVQ_OLD(dlsym)
MVQ_OLD(pthread_create)
MVQ_OLD(pthread_detach)
MVQ_OLD(pthread_getspecific)
MVQ_OLD(pthread_join)
MVQ_OLD(pthread_key_create)
MVQ_OLD(pthread_key_delete)
MVQ_OLD(pthread_once)
MVQ_OLD(pthread_setspecific)

extern "C" {

/* "There may be other threads" is always a safe answer; the C++ runtime then uses atomic instructions. */
char __libc_single_threaded = 0;

/* std::random_device comes along with the C++ runtime's strings and is used by nobody here. */
int getentropy(void* buffer, size_t bytes) {
  if (bytes <= 256 && syscall(SYS_getrandom, buffer, bytes, 0) == long(bytes)) return 0;
  errno = EIO;
  return -1;
}

uint32_t arc4random() {
  uint32_t drawn = 0;
  if (getentropy(&drawn, sizeof drawn) != 0) __builtin_trap();
  return drawn;
}

}  // extern "C"

#endif
#endif
