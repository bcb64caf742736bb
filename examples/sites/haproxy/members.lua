-- Asks Vestibule who is signed in, gives the request the headers that say so, and leaves the status for haproxy.cfg.
local SESSION = "http://127.0.0.1:8000/account/user/session?redirect"
local HEADERS = { "remote-user", "remote-email", "remote-name", "remote-groups", "remote-verified", "remote-factors" }

core.register_action("ask_vestibule", { "http-req" }, function(visit)
    local sent = visit.http:req_get_headers()
    local first = function(name) return sent[name] and { sent[name][0] } end
    local answer = core.httpclient():get({ url = SESSION, timeout = 5000, headers = {
        ["accept"] = first("accept"), ["cookie"] = first("cookie"), ["x-real-ip"] = first("x-real-ip"),
        -- Where the visitor comes back to.
        ["x-forwarded-proto"] = { "https" }, ["x-forwarded-host"] = first("host"), ["x-forwarded-uri"] = { visit.f:pathq() },
    } })
    if answer.status == 200 then
        for _, name in ipairs(HEADERS) do visit.http:req_set_header(name, answer.headers[name][0]) end
    elseif answer.status == 302 then
        visit:set_var("txn.sign_in", answer.headers["location"][0])
    end
    -- Last: nothing is set if an error ended this.
    visit:set_var("txn.answered", answer.status)
end)
