package dev.troth.gate.host;

import dev.troth.gate.core.JsonTape;
import dev.troth.gate.core.SettingsWriter;

/** What a host does with keys that are not secrets. Its program contains no more than it needs. */
interface PublicKeys {
  /** Refuses them: the small host. */
  PublicKeys NONE =
      new PublicKeys() {
        @Override
        public String selfTest() {
          return "";
        }

        @Override
        public void begin() {}

        @Override
        public String write(JsonTape tape, int key, byte[] id, SettingsWriter settings) {
          return "a key is not of kty oct: this host verifies HS256, HS384 and HS512 alone,"
              + " troth-gate-all the others";
        }

        @Override
        public void taken() {}
      };

  /** What is wrong with the arithmetic, or nothing. */
  String selfTest();

  /** Another set of keys begins. */
  void begin();

  /** Writes one key into the settings; what is wrong with it, or nothing. */
  String write(JsonTape tape, int key, byte[] id, SettingsWriter settings);

  /** The module has taken the settings: the keys written since the beginning are in force. */
  void taken();
}
