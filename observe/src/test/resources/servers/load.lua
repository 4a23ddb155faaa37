-- Requests of all kinds, each with a path of its own.
local count = 0
local kinds = {"/ok/", "/missing/", "/ok/", "/broken/", "/large/", "/ok/", "/chunks/", "/ok/"}
local methods = {"GET", "POST", "GET", "DELETE", "GET", "PATCH", "GET", "PUT"}
function setup(thread) thread:set("id", math.random(1000000)) end
function request()
  count = count + 1
  local kind = count % 8 + 1
  local body = (methods[kind] == "POST" or methods[kind] == "PUT") and string.rep("b", count % 5000) or nil
  return wrk.format(methods[kind], kinds[kind] .. id .. "-" .. count .. "?q=1", nil, body)
end
