package dev.trunkline.security;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.smallrye.jwt.build.Jwt;
import io.smallrye.jwt.build.JwtClaimsBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** An OpenID Connect provider of the test's own: it tells its keys and signs tokens. */
public class Issuer implements QuarkusTestResourceLifecycleManager {

  static final RsaJsonWebKey KEY = key("1");
  static final RsaJsonWebKey KEY_OF_SOMEBODY_ELSE = key("1");

  private final int port;
  private HttpServer server;

  /** At a port that is free. */
  public Issuer() {
    this(0);
  }

  public Issuer(int port) {
    this.port = port;
  }

  @Override
  public Map<String, String> start() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/.well-known/openid-configuration", this::discovery);
    server.createContext("/keys", exchange -> answer(exchange, keys()));
    server.start();
    return Map.of("quarkus.oidc.auth-server-url", url());
  }

  @Override
  public void stop() {
    server.stop(0);
  }

  /** The claims of a token that is good in every way, for the test to spoil. */
  static JwtClaimsBuilder claims(String name, String... roles) {
    return claimsOf(issuer(), name, roles);
  }

  private static JwtClaimsBuilder claimsOf(String issuer, String name, String... roles) {
    return Jwt.upn(name)
        .subject(name)
        .issuer(issuer)
        .audience("trunkline")
        .groups(Set.of(roles))
        .expiresIn(300);
  }

  static String sign(JwtClaimsBuilder claims, RsaJsonWebKey key) {
    return claims.jws().keyId(key.getKeyId()).sign(key.getPrivateKey());
  }

  /** As it is, where the builder would add what a good token has. */
  static String sign(JwtClaims claims) {
    JsonWebSignature signature = new JsonWebSignature();
    signature.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
    signature.setKeyIdHeaderValue(KEY.getKeyId());
    signature.setPayload(claims.toJson());
    signature.setKey(KEY.getPrivateKey());
    try {
      return signature.getCompactSerialization();
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A good token of whoever issues at that address. */
  public static String tokenOf(String issuer, String name, String... roles) {
    return sign(claimsOf(issuer, name, roles), KEY);
  }

  static String token(String name, String... roles) {
    return sign(claims(name, roles), KEY);
  }

  static String issuer() {
    return ConfigProvider.getConfig().getValue("quarkus.oidc.auth-server-url", String.class);
  }

  private String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void discovery(HttpExchange exchange) throws IOException {
    answer(
        exchange,
        "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\",\"token_endpoint\":\"%1$s/token\"}"
            .formatted(url()));
  }

  private static String keys() {
    return new JsonWebKeySet(KEY).toJson(OutputControlLevel.PUBLIC_ONLY);
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static RsaJsonWebKey key(String id) {
    try {
      RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
      key.setKeyId(id);
      return key;
    } catch (JoseException e) {
      throw new IllegalStateException(e);
    }
  }
}
