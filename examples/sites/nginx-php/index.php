<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>The shop</title>
<h1>The shop</h1>
<p id="who"><a href="/members/">For members</a></p>
<script>
  // Everybody sees this page. Whoever is signed in sees their name.
  fetch("https://accounts.example.org/api/session", { credentials: "include", headers: { Accept: "application/json" } })
    .then((answer) => answer.ok ? answer.json() : null)
    .then((session) => { if (session) document.querySelector("#who a").textContent = session.account.display_name });
</script>
