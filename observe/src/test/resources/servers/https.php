<?php
// Serves HTTPS, one connection after the other, and logs "METHOD path status". Arguments: port, log, key, certificate.
[, $port, $log, $key, $certificate] = $argv;
$context = stream_context_create(['ssl' => ['local_cert' => $certificate, 'local_pk' => $key]]);
$server = stream_socket_server("ssl://127.0.0.1:$port", $errno, $error,
    STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
while (true) {
  $connection = @stream_socket_accept($server, 3600);
  if (!$connection) continue;
  while (($line = fgets($connection)) !== false) {
    [$method, $path] = explode(' ', $line);
    $length = 0;
    while (($field = fgets($connection)) !== "\r\n" && $field !== false) {
      if (stripos($field, 'content-length:') === 0) $length = (int) substr($field, 15);
    }
    $body = $length > 0 ? stream_get_contents($connection, $length) : '';
    $status = str_starts_with($path, '/missing') ? 404 : (str_starts_with($path, '/broken') ? 503 : 200);
    $content = str_starts_with($path, '/large') ? str_repeat('x', 60000) : 'hello ' . strlen($body) . "\n";
    file_put_contents($log, "$method $path $status\n", FILE_APPEND);
    fwrite($connection, "HTTP/1.1 $status OK\r\nContent-Length: " . strlen($content) . "\r\n\r\n$content");
  }
  fclose($connection);
}
