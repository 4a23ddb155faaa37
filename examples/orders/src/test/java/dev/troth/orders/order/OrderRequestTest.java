package dev.troth.orders.order;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.troth.orders.http.Json;
import dev.troth.orders.http.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class OrderRequestTest {
  private static final String LINE = "{'sku':'TEA-1','quantity':1,'unitCents':100}";

  @Test
  void readsAnOrder() {
    OrderRequest request =
        OrderRequest.read(bytes("{'customer':'ada','currency':'EUR','items':[" + LINE + "]}"));

    assertThat(request.items()).containsExactly(new OrderLine("TEA-1", 1, 100));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'currency':'EUR','items':[LINE]}                               | /customer
          {'customer':'','currency':'EUR','items':[LINE]}                 | /customer
          {'customer':7,'currency':'EUR','items':[LINE]}                  | /customer
          {'customer':'a','currency':'XXX','items':[LINE]}                | /currency
          {'customer':'a','currency':null,'items':[LINE]}                 | /currency
          {'customer':'a','currency':'EUR','items':[]}                    | /items
          {'customer':'a','currency':'EUR','items':{}}                    | /items
          {'customer':'a','currency':'EUR','items':[1]}                   | /items/0
          {'customer':'a','currency':'EUR','items':[LINE],'x':1}          | /x
          {'customer':'a','currency':'EUR','items':[LINE,{'sku':'t','quantity':1,'unitCents':1}]}      | /items/1/sku
          {'customer':'a','currency':'EUR','items':[{'sku':'tea','quantity':1,'unitCents':1}]}         | /items/0/sku
          {'customer':'a','currency':'EUR','items':[{'sku':'TEA','quantity':0,'unitCents':1}]}         | /items/0/quantity
          {'customer':'a','currency':'EUR','items':[{'sku':'TEA','quantity':1.5,'unitCents':1}]}       | /items/0/quantity
          {'customer':'a','currency':'EUR','items':[{'sku':'TEA','quantity':1,'unitCents':1e30}]}      | /items/0/unitCents
          {'customer':'a','currency':'EUR','items':[{'sku':'TEA','quantity':1,'unitCents':1,'y':2}]}   | /items/0/y
          """)
  void saysWhereAnOrderIsWrong(String document, String pointer) {
    Problem problem = refusal(document.replace("LINE", LINE));

    assertThat(problem.status()).isEqualTo(422);
    assertThat(Json.read(problem.reply().body()).path("errors"))
        .singleElement()
        .satisfies(error -> assertThat(error.path("pointer").asString()).isEqualTo(pointer));
  }

  @Test
  void saysAllThatIsWrongAtOnce() {
    Problem problem = refusal("{'currency':'X','items':[{'sku':1,'quantity':-1}]}");

    assertThat(Json.read(problem.reply().body()).path("errors"))
        .extracting(error -> error.path("pointer").asString())
        .containsExactly(
            "/customer", "/currency", "/items/0/sku", "/items/0/quantity", "/items/0/unitCents");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {"{|400", "{'a':1,'a':2}|400", "{} {}|400", "[]|422", "7|422"})
  void refusesWhatIsNoObjectAtAll(String document, int status) {
    assertThat(refusal(document).status()).isEqualTo(status);
  }

  private static Problem refusal(String document) {
    return catchThrowableOfType(Problem.class, () -> OrderRequest.read(bytes(document)));
  }

  private static byte[] bytes(String document) {
    return document.replace('\'', '"').getBytes(UTF_8);
  }
}
