/* Gives the module's Java functions their exported names. */
#include "module.h"

#define EXPORT(name) __attribute__((export_name(name)))

/* TeaVM's main: starts the runtime and runs ModuleMain.main, which registers the functions. */
int teavm_main(int argc, char** argv);

static void* (*settings)(int32_t);
static void* (*token)(void);
static void* (*payload)(void);
static int32_t (*configure)(int32_t);
static int32_t (*validate)(int32_t, int64_t);
static int32_t (*payload_length)(void);
static int32_t (*max_token_bytes)(void);
static int32_t (*group)(void);

void gate_export_buffers(void* s, void* t, void* p) {
  settings = (void* (*)(int32_t))s;
  token = (void* (*)(void))t;
  payload = (void* (*)(void))p;
}

void gate_export_calls(void* c, void* v, void* p, void* m, void* g) {
  configure = (int32_t (*)(int32_t))c;
  validate = (int32_t (*)(int32_t, int64_t))v;
  payload_length = (int32_t (*)(void))p;
  max_token_bytes = (int32_t (*)(void))m;
  group = (int32_t (*)(void))g;
}

EXPORT("start") void gate_start(void) { teavm_main(0, 0); }
EXPORT("settings") void* gate_settings(int32_t length) { return settings(length); }
EXPORT("configure") int32_t gate_configure(int32_t length) { return configure(length); }
EXPORT("token") void* gate_token(void) { return token(); }
EXPORT("validate") int32_t gate_validate(int32_t length, int64_t now) { return validate(length, now); }
EXPORT("payload") void* gate_payload(void) { return payload(); }
EXPORT("payload_length") int32_t gate_payload_length(void) { return payload_length(); }
EXPORT("max_token_bytes") int32_t gate_max_token_bytes(void) { return max_token_bytes(); }
EXPORT("group") int32_t gate_group(void) { return group(); }

/* The runtime's log: the module has nowhere to write to, and nothing to say. */
void teavm_printString(void* text) { (void)text; }
void teavm_printWString(void* text) { (void)text; }
void teavm_printInt(int32_t number) { (void)number; }
