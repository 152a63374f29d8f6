package dev.trunkline.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class InstanceTest {

  @Property
  void an_instance_is_a_reference_whatever_the_path_was(@ForAll String path) {
    assertThat(URI.create(Instance.of("/" + path)).toString()).isEqualTo(Instance.of("/" + path));
  }

  @Example
  void two_slashes_at_the_beginning_are_no_host() {
    assertThat(URI.create(Instance.of("//")).getRawPath()).isEqualTo("/.//");
    assertThat(URI.create(Instance.of("//a/b")).getHost()).isNull();
  }

  @Example
  void what_may_stand_in_a_path_stays_as_it_is() {
    String path = "/api/v1/tasks/a%2Fb;c=d,e:f@g!h$i&j'k(l)m*n+o~p_q.r-s";
    assertThat(Instance.of(path)).isEqualTo(path);
  }
}
