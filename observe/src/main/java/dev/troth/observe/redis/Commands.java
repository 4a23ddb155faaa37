package dev.troth.observe.redis;

import dev.troth.observe.stream.Segment;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The commands of Redis 8, by which requests are told from answers that look alike. */
final class Commands {
  private static final String NAMES =
      "ACL APPEND ASKING AUTH BGREWRITEAOF BGSAVE BITCOUNT BITFIELD BITFIELD_RO BITOP "
          + "BITPOS BLMOVE BLMPOP BLPOP BRPOP BRPOPLPUSH BZMPOP BZPOPMAX BZPOPMIN CLIENT "
          + "CLUSTER COMMAND CONFIG COPY DBSIZE DEBUG DECR DECRBY DEL DISCARD DUMP ECHO "
          + "EVAL EVALSHA EVALSHA_RO EVAL_RO EXEC EXISTS EXPIRE EXPIREAT EXPIRETIME "
          + "FAILOVER FCALL FCALL_RO FLUSHALL FLUSHDB FUNCTION GEOADD GEODIST GEOHASH "
          + "GEOPOS GEORADIUS GEORADIUSBYMEMBER GEOSEARCH GEOSEARCHSTORE GET GETBIT "
          + "GETDEL GETEX GETRANGE GETSET HDEL HELLO HEXISTS HEXPIRE HGET HGETALL "
          + "HGETDEL HGETEX HINCRBY HINCRBYFLOAT HKEYS HLEN HMGET HMSET HPERSIST "
          + "HPEXPIRE HPTTL HRANDFIELD HSCAN HSET HSETEX HSETNX HSTRLEN HTTL HVALS INCR "
          + "INCRBY INCRBYFLOAT INFO KEYS LASTSAVE LATENCY LCS LINDEX LINSERT LLEN LMOVE "
          + "LMPOP LOLWUT LPOP LPOS LPUSH LPUSHX LRANGE LREM LSET LTRIM MEMORY MGET "
          + "MIGRATE MODULE MONITOR MOVE MSET MSETNX MULTI OBJECT PERSIST PEXPIRE "
          + "PEXPIREAT PEXPIRETIME PFADD PFCOUNT PFMERGE PING PSETEX PSUBSCRIBE PSYNC "
          + "PTTL PUBLISH PUBSUB PUNSUBSCRIBE QUIT RANDOMKEY READONLY READWRITE RENAME "
          + "RENAMENX REPLCONF REPLICAOF RESET RESTORE ROLE RPOP RPOPLPUSH RPUSH RPUSHX "
          + "SADD SAVE SCAN SCARD SCRIPT SDIFF SDIFFSTORE SELECT SET SETBIT SETEX SETNX "
          + "SETRANGE SHUTDOWN SINTER SINTERCARD SINTERSTORE SISMEMBER SLAVEOF SLOWLOG "
          + "SMEMBERS SMISMEMBER SMOVE SORT SORT_RO SPOP SPUBLISH SRANDMEMBER SREM SSCAN "
          + "SSUBSCRIBE STRLEN SUBSCRIBE SUBSTR SUNION SUNIONSTORE SUNSUBSCRIBE SWAPDB "
          + "SYNC TIME TOUCH TTL TYPE UNLINK UNSUBSCRIBE UNWATCH WAIT WAITAOF WATCH XACK "
          + "XADD XAUTOCLAIM XCLAIM XDEL XGROUP XINFO XLEN XPENDING XRANGE XREAD "
          + "XREADGROUP XREVRANGE XSETID XTRIM ZADD ZCARD ZCOUNT ZDIFF ZDIFFSTORE "
          + "ZINCRBY ZINTER ZINTERCARD ZINTERSTORE ZLEXCOUNT ZMPOP ZMSCORE ZPOPMAX "
          + "ZPOPMIN ZRANDMEMBER ZRANGE ZRANGEBYLEX ZRANGEBYSCORE ZRANGESTORE ZRANK ZREM "
          + "ZREMRANGEBYLEX ZREMRANGEBYRANK ZREMRANGEBYSCORE ZREVRANGE ZREVRANGEBYLEX "
          + "ZREVRANGEBYSCORE ZREVRANK ZSCAN ZSCORE ZUNION ZUNIONSTORE";

  private static final Set<String> KNOWN = Set.of(NAMES.split(" ", -1));

  /** After these, what the server says is no answer, or there is none. */
  private static final Set<String> WITHOUT_ANSWERS =
      Set.of("SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "SYNC", "PSYNC", "REPLCONF");

  private static final int LONGEST = 32;
  private static final int MOST_DIGITS = 9;

  private Commands() {}

  /** The name in capital letters, of modules too; empty if it is none. */
  static Optional<String> name(String text) {
    String name = text.toUpperCase(Locale.ROOT);
    return KNOWN.contains(name) || isOfModule(name) ? Optional.of(name) : Optional.empty();
  }

  private static boolean isOfModule(String name) {
    return name.length() <= LONGEST && name.matches("[A-Z]{1,10}\\.[A-Z._]{1,20}");
  }

  static boolean isWithoutAnswers(String name, String argument) {
    return WITHOUT_ANSWERS.contains(name)
        || (name.equals("CLIENT") && argument.equalsIgnoreCase("REPLY"));
  }

  /** Whether a segment begins with a command. */
  static boolean begins(Segment segment) {
    int at = number(segment, 0, '*');
    if (at < 0) {
      return false;
    }
    int name = number(segment, at, '$');
    int end = Math.min(segment.captured(), name + LONGEST);
    for (int i = Math.max(name, 0); name > 0 && i < end; i++) {
      if (segment.bytes()[i] == '\r') {
        return name(new String(segment.bytes(), name, i - name, StandardCharsets.US_ASCII))
            .isPresent();
      }
    }
    return false;
  }

  /** Where the line ends that is this sign and a number above zero; -1 if it is another. */
  private static int number(Segment segment, int from, char sign) {
    byte[] b = segment.bytes();
    if (segment.captured() < from + 4 || b[from] != sign || b[from + 1] < '1') {
      return -1;
    }
    int end = Math.min(segment.captured() - 1, from + 1 + MOST_DIGITS);
    for (int i = from + 1; i < end; i++) {
      if (b[i] == '\r' && b[i + 1] == '\n') {
        return i + 2;
      }
      if (b[i] < '0' || b[i] > '9') {
        return -1;
      }
    }
    return -1;
  }
}
