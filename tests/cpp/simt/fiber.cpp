// This file and block.cpp are compiled without instrumentation: MVQ_SIMT_ASAN and MVQ_SIMT_TSAN tell what the kernels
// are compiled with. So ThreadSanitizer sees the kernels' accesses and none of the engine's.
#include "fiber.hpp"

#include <cstdlib>

#if defined(MVQ_SIMT_ASAN)
#include <sanitizer/common_interface_defs.h>
#endif
#if defined(MVQ_SIMT_TSAN)
extern "C" {
void* __tsan_get_current_fiber();
void* __tsan_create_fiber(unsigned flags);
void __tsan_destroy_fiber(void* fiber);
void __tsan_switch_to_fiber(void* fiber, unsigned flags);
void __tsan_acquire(void* tag);
void __tsan_release(void* tag);
}
#endif

namespace simt {
namespace {

constexpr size_t STACK_BYTES = 256 * 1024;

}  // namespace

#if defined(__x86_64__)
// Saves the callee-saved registers and the stack pointer, then loads another's.
extern "C" void simt_switch_stacks(void** save, void* load);
asm(R"(
.text
.type simt_switch_stacks, @function
simt_switch_stacks:
  push %rbp
  push %rbx
  push %r12
  push %r13
  push %r14
  push %r15
  mov %rsp, (%rdi)
  mov %rsi, %rsp
  pop %r15
  pop %r14
  pop %r13
  pop %r12
  pop %rbx
  pop %rbp
  ret
.size simt_switch_stacks, .-simt_switch_stacks
)");
#endif

Fiber* Fiber::previous_ = nullptr;

Fiber::Fiber(void (*entry)())
    : stack_(static_cast<char*>(std::aligned_alloc(64, STACK_BYTES))), bottom_(stack_), stack_bytes_(STACK_BYTES) {
#if defined(__x86_64__)
  constexpr int SAVED = 6;  // registers that simt_switch_stacks pops before it returns into `entry`
  void** top = reinterpret_cast<void**>(stack_ + STACK_BYTES) - 2;
  *top = reinterpret_cast<void*>(entry);
  stack_pointer_ = top - SAVED;
  for (void** place = top - SAVED; place < top; ++place) *place = nullptr;
#else
  getcontext(&context_);
  context_.uc_stack.ss_sp = stack_;
  context_.uc_stack.ss_size = STACK_BYTES;
  context_.uc_link = nullptr;
  makecontext(&context_, entry, 0);
#endif
#if defined(MVQ_SIMT_TSAN)
  tsan_fiber_ = __tsan_create_fiber(0);
#endif
}

Fiber::~Fiber() {
#if defined(MVQ_SIMT_TSAN)
  if (stack_) __tsan_destroy_fiber(tsan_fiber_);
#endif
  std::free(stack_);
}

void Fiber::switch_to(Fiber& to) {
  previous_ = this;
#if defined(MVQ_SIMT_ASAN)
  __sanitizer_start_switch_fiber(&fake_stack_, to.bottom_, to.stack_bytes_);
#endif
#if defined(MVQ_SIMT_TSAN)
  if (!stack_ && !tsan_fiber_) tsan_fiber_ = __tsan_get_current_fiber();
  constexpr unsigned NO_SYNC = 1;
  __tsan_switch_to_fiber(to.tsan_fiber_, NO_SYNC);
#endif
#if defined(__x86_64__)
  simt_switch_stacks(&stack_pointer_, to.stack_pointer_);
#else
  swapcontext(&context_, &to.context_);
#endif
#if defined(MVQ_SIMT_ASAN)
  __sanitizer_finish_switch_fiber(fake_stack_, nullptr, nullptr);
#endif
}

void Fiber::entered() {
#if defined(MVQ_SIMT_ASAN)
  // tells where the caller's own stack lies, which a switch back must announce
  __sanitizer_finish_switch_fiber(nullptr, &previous_->bottom_, &previous_->stack_bytes_);
#endif
}

void release([[maybe_unused]] void* tag) {
#if defined(MVQ_SIMT_TSAN)
  __tsan_release(tag);
#endif
}

void acquire([[maybe_unused]] void* tag) {
#if defined(MVQ_SIMT_TSAN)
  __tsan_acquire(tag);
#endif
}

}  // namespace simt
