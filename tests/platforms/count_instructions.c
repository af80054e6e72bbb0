/* A plugin of qemu-user that says at the end how many instructions the emulated program ran. What it takes of qemu's
 * plugin interface, version 1, is declared here, since distributions do not package qemu-plugin.h. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#define EXPORTED __attribute__((visibility("default")))
#define ADD 0 /* QEMU_PLUGIN_INLINE_ADD_U64 */

struct qemu_plugin_tb; /* a block of translated instructions, which are run together */
typedef uint64_t qemu_plugin_id_t;
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                                  void (*translated)(qemu_plugin_id_t, struct qemu_plugin_tb*));
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb* block, int operation, void* to,
                                                     uint64_t by);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb* block);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t id, void (*at_exit)(qemu_plugin_id_t, void*), void* data);

EXPORTED int qemu_plugin_version = 1;
static uint64_t count;

static void add_block(qemu_plugin_id_t id, struct qemu_plugin_tb* block) {
  (void)id;
  qemu_plugin_register_vcpu_tb_exec_inline(block, ADD, &count, qemu_plugin_tb_n_insns(block));
}

static void say(qemu_plugin_id_t id, void* data) {
  (void)id, (void)data;
  fprintf(stderr, "Collected : %" PRIu64 "\n", count);
}

EXPORTED int qemu_plugin_install(qemu_plugin_id_t id, const void* info, int argc, char** argv) {
  (void)info, (void)argc, (void)argv;
  qemu_plugin_register_vcpu_tb_trans_cb(id, add_block);
  qemu_plugin_register_atexit_cb(id, say, NULL);
  return 0;
}
