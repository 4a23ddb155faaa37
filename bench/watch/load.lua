-- Updates of sixteen records, each with a value that it has not had: what is the same already is no change.
local number = 0
local first = tonumber(os.getenv("FIRST"))
local headers = { ["Content-Type"] = "application/json" }
local threads = 0

function setup(one)
  threads = threads + 1
  one:set("me", threads)
end

function request()
  number = number + 1
  return wrk.format("POST", "/api/update/" .. first + number % 16, headers, '{"value":"' .. me .. "-" .. number .. '"}')
end
