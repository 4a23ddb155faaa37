package dev.troth.server.http.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.time.Duration;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context whose sockets close the connection below when they are closed. The server lays TLS over
 * an accepted connection, asks that the one below stay open, and closes the upper one alone: its
 * descriptor would stay until the process ends.
 */
final class ClosingContext extends SSLContext {
  private ClosingContext(SSLContext of, Duration longestWrite) {
    super(new Spi(of, longestWrite), of.getProvider(), of.getProtocol());
  }

  /**
   * @param longestWrite how long a write may stand still before the connection is closed
   */
  static SSLContext of(SSLContext context, Duration longestWrite) {
    return new ClosingContext(context, longestWrite);
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final Duration longestWrite;

    Spi(SSLContext context, Duration longestWrite) {
      this.context = context;
      this.longestWrite = longestWrite;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trusted, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("the context below is made ready already");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new Factory(context.getSocketFactory(), longestWrite);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return context.createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return context.createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return context.getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return context.getSupportedSSLParameters();
    }
  }

  private static final class Factory extends SSLSocketFactory {
    private final SSLSocketFactory factory;
    private final Duration longestWrite;

    Factory(SSLSocketFactory factory, Duration longestWrite) {
      this.factory = factory;
      this.longestWrite = longestWrite;
    }

    @Override
    public Socket createSocket(Socket below, InputStream consumed, boolean closesBelow)
        throws IOException {
      return factory.createSocket(new Below(below, longestWrite), consumed, true);
    }

    @Override
    public Socket createSocket(Socket below, String host, int port, boolean closesBelow)
        throws IOException {
      return factory.createSocket(new Below(below, longestWrite), host, port, true);
    }

    @Override
    public Socket createSocket() throws IOException {
      return factory.createSocket();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return factory.createSocket(host, port);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return factory.createSocket(host, port, from, fromPort);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return factory.createSocket(host, port);
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return factory.createSocket(host, port, from, fromPort);
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return factory.getSupportedCipherSuites();
    }
  }
}
