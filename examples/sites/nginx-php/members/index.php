<?php
// nginx lets nobody in here who is not signed in. It sets these four, whatever the visitor sent.
$number = (int) $_SERVER['REMOTE_USER'];        // names the account for ever
$name = rawurldecode($_SERVER['MEMBER_NAME']);  // what to call the person
$email = rawurldecode($_SERVER['MEMBER_EMAIL']);
$proven = $_SERVER['MEMBER_VERIFIED'] === 'true';
?>
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Members</title>
<h1>Hello <?= htmlspecialchars($name) ?></h1>
<p>You are member <?= $number ?><?php if ($proven) { ?>, and read mail at <?= htmlspecialchars($email) ?><?php } ?>.</p>
<form method="post" action="https://accounts.example.org/user/logout">
  <input type="hidden" name="next" value="https://shop.example.org/">
  <button>Sign out</button>
</form>
