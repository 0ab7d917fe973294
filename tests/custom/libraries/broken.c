/* Libraries with one fault each, in C: the interface needs nothing else. */
#include <mo/extension.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#ifdef MISSING_SYMBOL
void nowhere_defined(void);
#endif

#ifndef NO_ENTRY
MO_EXTENSION_EXPORT uint32_t mo_extension_abi(void);
MO_EXTENSION_EXPORT int32_t mo_extension_register(const mo_host* host, mo_call* call);

uint32_t mo_extension_abi(void) {
#ifdef WRONG_ABI
  return 999;
#else
  return MO_EXTENSION_ABI;
#endif
}

static mo_text text(const char* words) {
  mo_text out;
  out.data = words;
  out.size = strlen(words);
  return out;
}

static int32_t nothing(void* self, mo_call* call) {
  (void)self;
  (void)call;
  return 0;
}

static mo_layer_def layer(const mo_text* type) {
  mo_layer_def out;
  memset(&out, 0, sizeof out);
  out.size = sizeof out;
  out.types = type;
  out.type_count = 1;
  out.bottoms.least = out.bottoms.most = out.tops.least = out.tops.most = 1;
  out.lower = nothing;
  return out;
}

int32_t mo_extension_register(const mo_host* host, mo_call* call) {
  const mo_text name = text("Fancy");
  mo_layer_def fancy = layer(&name);
  mo_op_def op;
  mo_pass_def pass;
  memset(&op, 0, sizeof op);
  op.size = sizeof op;
  op.name = name;
  op.infer = nothing;
  memset(&pass, 0, sizeof pass);
  pass.size = sizeof pass;
  pass.name = name;
  pass.run = nothing;
  (void)op;
  (void)pass;
#if defined(SEGFAULT)
  raise(SIGSEGV);
#elif defined(ABORT)
  abort();
#elif defined(EXITS)
  exit(0);
#elif defined(MISSING_SYMBOL)
  nowhere_defined();
#elif defined(STATUS)
  return 7;
#elif defined(THROWS)
  return host->fail(call, text("the licence has run out"), text("buy another"));
#elif defined(DUPLICATE_LAYER)
  if (host->add_layer(call, &fancy) != 0) return 1;
#elif defined(DUPLICATE_OP)
  if (host->add_op(call, &op) != 0) return 1;
  return host->add_op(call, &op);
#elif defined(INPUT_OP)
  op.name = text("Input");
  return host->add_op(call, &op);
#elif defined(DUPLICATE_PASS)
  if (host->add_pass(call, &pass) != 0) return 1;
  return host->add_pass(call, &pass);
#elif defined(UNKNOWN_LAYER)
  host->disable_layer(call, text("NoSuchType"));
  return 0; /* what mo refused counts, whatever the library says */
#elif defined(UNKNOWN_PASS)
  return host->disable_pass(call, text("no_such_pass"));
#elif defined(SMALL_STRUCT)
  fancy.size = 8;
#elif defined(BAD_STAGE)
  pass.stage = 3;
  return host->add_pass(call, &pass);
#elif defined(UNNAMED)
  const mo_text none = {NULL, 0};
  fancy.types = &none;
#endif
  return host->add_layer(call, &fancy);
}
#endif
