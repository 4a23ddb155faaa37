package dev.troth.gate.host;

import dev.troth.gate.core.SettingsWriter;

/** What a host does with public keys. Its program contains no more than it needs. */
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
        public String write(byte[] text, int algorithms, SettingsWriter settings) {
          return "is of public keys: this host verifies HS256, HS384 and HS512 alone,"
              + " troth-gate-all the others";
        }

        @Override
        public void taken() {}
      };

  /** What is wrong with the arithmetic, or nothing. */
  String selfTest();

  /** Another set of keys begins. */
  void begin();

  /**
   * Writes the keys of a document into the settings; what is wrong with it, or nothing.
   *
   * @param algorithms the only ones they may be used with, as bits; 0 for all that they fit
   */
  String write(byte[] text, int algorithms, SettingsWriter settings);

  /** The module has taken the settings: the keys written since the beginning are in force. */
  void taken();
}
