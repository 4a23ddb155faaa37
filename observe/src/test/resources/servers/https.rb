# Serves HTTPS, a thread for each connection, and logs "METHOD path status". Arguments: port, log, key, certificate.
require 'openssl'
require 'socket'

port, log, key, certificate = ARGV
context = OpenSSL::SSL::SSLContext.new
context.key = OpenSSL::PKey.read(File.read(key))
context.cert = OpenSSL::X509::Certificate.new(File.read(certificate))
lines = File.open(log, 'a')
lines.sync = true
server = TCPServer.new('127.0.0.1', port.to_i)
loop do
  Thread.new(server.accept) do |tcp|
    begin
      connection = OpenSSL::SSL::SSLSocket.new(tcp, context)
      connection.sync_close = true
      connection.accept
      while (line = connection.gets)
        method, path, = line.split(' ')
        length = 0
        while (field = connection.gets) != "\r\n"
          length = field.split(':')[1].to_i if field.downcase.start_with?('content-length:')
        end
        body = length.positive? ? connection.read(length) : ''
        status = path.start_with?('/missing') ? 404 : path.start_with?('/broken') ? 503 : 200
        content = path.start_with?('/large') ? 'x' * 60_000 : "hello #{body.size}\n"
        lines.write("#{method} #{path} #{status}\n")
        connection.write("HTTP/1.1 #{status} OK\r\nContent-Length: #{content.size}\r\n\r\n#{content}")
      end
    rescue OpenSSL::SSL::SSLError, SystemCallError, IOError
      nil
    ensure
      tcp.close
    end
  end
end
