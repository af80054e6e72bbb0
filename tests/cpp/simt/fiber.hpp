// A fiber: a stack of its own and a place to go on from.
// Switches are announced to AddressSanitizer and ThreadSanitizer.
#pragma once
#include <cstddef>

#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace simt {

class Fiber {
 public:
  Fiber() = default;                // the caller's own stack
  explicit Fiber(void (*entry)());  // a new stack; `entry` starts at the first switch and never returns
  ~Fiber();
  Fiber(const Fiber&) = delete;

  /* Goes on in `to`; returns when something switches back. No happens-before for ThreadSanitizer. */
  void switch_to(Fiber& to);

  /* What every entry calls first. */
  static void entered();

 private:
  static Fiber* previous_;        // whose switch is under way
  char* stack_ = nullptr;         // owned; NULL for the caller's own
  const void* bottom_ = nullptr;  // of the stack
  size_t stack_bytes_ = 0;
  void* stack_pointer_ = nullptr;
  void* fake_stack_ = nullptr;  // AddressSanitizer's
  void* tsan_fiber_ = nullptr;
#if !defined(__x86_64__)
  ucontext_t context_;
#endif
};

/* ThreadSanitizer's release and acquire on a tag; nothing in other builds. */
void release(void* tag);
void acquire(void* tag);

}  // namespace simt
