-- Each request of a thread has another value; with MIX=1 every second one is an event.
local number = 0
local mix = os.getenv("MIX") == "1"
local salt = os.getenv("SALT") or "0"
local headers = { ["Content-Type"] = "application/json" }
local event = { ["Content-Type"] = "application/cloudevents+json" }
local thread = 0

function setup(one)
  thread = thread + 1
  one:set("me", thread)
end

function request()
  number = number + 1
  local name = salt .. "-" .. me .. "-" .. number
  if mix and number % 2 == 0 then
    return wrk.format("POST", "/api/events", event,
      '{"specversion":"1.0","id":"' .. name .. '","source":"/bench","type":"grown","subject":"thing/' .. number % 97 .. '","data":{"n":' .. number .. '}}')
  end
  return wrk.format("PUT", "/api/records/" .. me .. number % 50, headers, '{"name":"a record","value":"' .. name .. '"}')
end
