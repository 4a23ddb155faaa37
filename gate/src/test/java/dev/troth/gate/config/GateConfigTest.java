package dev.troth.gate.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.gate.core.Algorithm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateConfigTest {
  @Test
  void aWholeConfigurationIsRead() {
    GateConfig config =
        read(
            """
            {"issuers": [
               {"issuer": "https://a.example", "keys": "a.json", "audiences": ["orders"],
                "algorithms": ["RS256", "ES256"], "require": ["exp", "sub"], "leeway": 30},
               {"issuer": ["b", "c"], "secretFile": "b.secret", "types": "application/at+JWT"}],
             "rules": [{"path": "/health", "open": true},
               {"path": "/orders", "methods": ["POST"], "scopes": ["w"], "claims": {"level": [7, 8]}}],
             "revoked": "revoked", "maxTokenBytes": 4096, "cookie": "session", "preflight": false,
             "pathFrom": "x-original", "claimHeaders": {"sub": "X-User"},
             "jwksHttpHosts": ["keys.internal"]}
            """);
    assertThat(config.problem()).isEmpty();
    assertThat(config.issuers()).hasSize(2);
    IssuerConfig first = config.issuers()[0];
    assertThat(first.algorithms()).isEqualTo(Algorithm.RS256.bit() | Algorithm.ES256.bit());
    assertThat(first.required()).isEqualTo(1 | 32);
    assertThat(first.leewaySeconds()).isEqualTo(30);
    assertThat(config.issuers()[1].issuers()).hasDimensions(2, 1);
    assertThat(config.revoked()).isEqualTo("revoked");
    assertThat(config.maxTokenBytes()).isEqualTo(4096);
    assertThat(config.service().cookie()).isEqualTo("session");
    assertThat(config.service().preflight()).isFalse();
    assertThat(config.service().claimHeaders().byClaim()).containsEntry("sub", "X-User");
    assertThat(config.jwksHttpHosts()).containsExactly("keys.internal");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[]|is not a JSON object",
        "{}|issuers has 0 elements",
        "{'issuers':[{'keys':'k','audience':'x'}]}|issuers[0] has no member 'audience', expected"
            + " one of",
        "{'issuers':[{'keys':'k'}],'rule':[]}|the configuration has no member 'rule'",
        "{'issuers':[{}]}|issuers[0] names 0 sources of keys",
        "{'issuers':[{'keys':'k','secretFile':'s'}]}|issuers[0] names 2 sources of keys",
        "{'issuers':[{'keys':'k','issuer':'a'},{'keys':'l'}]}|issuers[1] has no issuer",
        "{'issuers':[{'keys':'k','issuer':'a'},{'keys':'l','issuer':['b','a']}]}|issuers[0] has as"
            + " well",
        "{'issuers':[{'discovery':true}]}|issuers[0] has discovery, which wants one issuer",
        "{'issuers':[{'keys':'k','algorithms':['none']}]}|issuers[0].algorithms has a name that is"
            + " no algorithm",
        "{'issuers':[{'keys':'k','require':['name']}]}|issuers[0].require has a claim that is none"
            + " of",
        "{'issuers':[{'keys':'k','leeway':601}]}|issuers[0].leeway is not a whole number from 0 to"
            + " 600",
        "{'issuers':[{'keys':'k','leeway':1.5}]}|issuers[0].leeway is not a whole number",
        "{'issuers':[{'keys':7}]}|issuers[0].keys is not a text",
        "{'issuers':[{'keys':'k'}],'cookie':'a b'}|cookie is not the name of a cookie",
        "{'issuers':[{'keys':'k'}],'pathFrom':'query'}|pathFrom is none of auth, x-original",
        "{'issuers':[{'keys':'k'}],'claimHeaders':{'sub':'X User'}}|claimHeaders is not as in"
            + " claim:Header",
        "{'issuers':[{'keys':'k'}],'rules':[{'path':'orders'}]}|rules[0] has no path that begins"
            + " with /",
        "{'issuers':[{'keys':'k'}],'rules':[{'path':'/','open':true,'scopes':['a']}]}|rules[0] is"
            + " open and wants",
        "{'issuers':[{'keys':'k'}],'rules':[{'path':'/','claims':{'a':{}}}]}|rules[0].claims.a has"
            + " a value that is not",
        "{'issuers':[{'keys':'k'}],'rules':[{'path':'/','claims':{'a':[]}}]}|rules[0].claims.a has"
            + " no value",
        "{'issuers':[{'keys':'k'}],'claimHeaders':{'sub':'content-LENGTH'}}|claimHeaders is not as"
            + " in claim:Header,claim:Header, no Header of the connection",
        "{'issuers':[{'keys':'k','audiences':null}]}|issuers[0].audiences is empty",
        "{'issuers':[{'keys':'k','audiences':[]}]}|issuers[0].audiences is empty",
        "{'issuers':[{'keys':'k','issuer':''}]}|issuers[0].issuer is empty",
        "{'issuers':[{'keys':'k'}],'revoked':null}|revoked is empty",
        "{'issuers':[{'keys':'k'}],'rules':[{'path':'/','methods':[]}]}|rules[0].methods is empty",
        "{'issuers':[{'keys':'k','maxLifetime':0}]}|issuers[0].maxLifetime is not a whole number"
            + " from 1 to",
        "{'issuers':[{'keys':'k'}],'maxTokenBytes':12}|maxTokenBytes is not a whole number from 64"
      })
  void whatIsWrongIsToldWithItsPlace(String json, String problem) {
    assertThat(read(json.replace('\'', '"')).problem()).contains(problem);
  }

  private static GateConfig read(String json) {
    return GateConfig.read(json.getBytes(UTF_8));
  }
}
