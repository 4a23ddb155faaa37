package dev.troth.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.troth.server.limit.Places.Place;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlacesTest {
  private final Places places = new Places(16);

  @Test
  void anAddressHoldsAQuarterAndAUserHalf() {
    List<Place> ofUser = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Place place = places.take("192.0.2.1").orElseThrow();
      assertThat(place.isOf("ada")).isTrue();
      ofUser.add(place);
    }
    for (int i = 0; i < 4; i++) {
      assertThat(places.take("192.0.2.1")).isPresent();
    }
    assertThat(places.take("192.0.2.1")).as("a fifth of one address").isEmpty();
    Place ninth = places.take("192.0.2.2").orElseThrow();
    assertThat(ninth.isOf("ada")).as("a ninth of one user").isFalse();
    ofUser.getFirst().close();
    assertThat(ninth.isOf("ada")).isTrue();
    assertThat(places.refusals()).isEqualTo(2);
  }
}
