-- One number a request, so that who caused what can be told afterwards.
local count = 0
function request()
  count = count + 1
  return wrk.format("GET", "/proxy/" .. count)
end
