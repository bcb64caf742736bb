//! `/user/modify/pp`, and the routes of the pictures.

use image::ImageFormat;
use rocket::tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use rocket::tokio::net::TcpStream;
use store::Engine;

use crate::engines::both_engines;
use crate::support::pictures::{BLUE, RED, assert_like, middle, of_size, plain, red_and_blue};
use crate::support::{Answer, Body, TestApp, Visitor, html};

both_engines!(
    an_uploaded_picture_leads_back_to_the_profile_and_is_shown_in_four_sizes,
    every_kind_of_picture_is_taken_by_its_content,
    a_program_uploads_a_picture_and_gets_the_account,
    the_largest_picture_is_taken_and_one_byte_more_is_not,
    what_is_no_picture_is_refused_and_the_old_one_stays,
    the_chosen_square_is_what_is_shown,
    a_removed_picture_gives_way_to_the_letter,
    a_picture_that_two_accounts_show_is_kept_until_both_are_done_with_it,
    the_old_picture_is_gone_once_the_new_one_is_shown,
    nobody_uploads_without_being_signed_in_and_nothing_is_read_then,
    what_is_declared_too_large_is_refused_before_it_is_sent,
    the_letter_picture_has_a_colour_of_its_own_and_shows_nothing_else,
    there_are_no_other_pictures,
);

async fn upload(visitor: &Visitor, file: &[u8]) -> Answer {
    visitor.post("/user/modify/pp").wants_json().body(Body::upload(file, &[])).send().await
}

/// The URLs of the account's picture in all sizes.
async fn addresses(visitor: &Visitor) -> Vec<String> {
    let account = visitor.account().await;
    let large = account["avatar_url"].as_str().unwrap();
    let (_, path) = large.split_once("/user/").unwrap();
    let (folder, file) = path.rsplit_once('/').unwrap();
    ["64", "128", "256", "512"].map(|size| format!("/user/{folder}/{}", file.replace("256", size))).into()
}

async fn an_uploaded_picture_leads_back_to_the_profile_and_is_shown_in_four_sizes(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let body = Body::upload(&plain(RED, ImageFormat::Jpeg), &[]);
    let journey = ada.post("/user/modify/pp").body(body).follow().await;
    journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
    let page = journey.answer.text();
    assert_eq!(html::notice(&page), Some("Picture updated."));
    let addresses = addresses(&ada).await;
    assert!(page.contains(&addresses[2].replace('/', "&#x2F;")));
    for (address, size) in addresses.iter().zip([64, 128, 256, 512]) {
        // No session is needed.
        let answer = app.visitor().get(address).send().await;
        assert_eq!(answer.status, 200, "{address}");
        assert_eq!(answer.header("content-type"), Some("image/jpeg"));
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(
            answer.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'; sandbox")
        );
        let picture = image::load_from_memory(&answer.content).unwrap();
        assert_eq!((picture.width(), picture.height()), (size, size));
        assert_like(middle(&answer.content), RED);
    }
}

async fn every_kind_of_picture_is_taken_by_its_content(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif] {
        let answer = upload(&ada, &plain(BLUE, format)).await;
        assert_eq!(answer.status, 200, "{format:?}: {}", answer.text());
        let shown = ada.get(&addresses(&ada).await[3]).send().await;
        assert_like(middle(&shown.content), BLUE);
    }
}

async fn a_program_uploads_a_picture_and_gets_the_account(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let before = ada.account().await;
    let answer = upload(&ada, &plain(RED, ImageFormat::Png)).await;
    assert_eq!((answer.status, answer.header("location")), (200, None));
    assert_eq!(answer.json(), ada.account().await);
    assert_ne!(answer.json()["avatar_url"], before["avatar_url"]);
    let again = upload(&ada, &plain(RED, ImageFormat::Png)).await;
    assert_eq!(again.json(), answer.json(), "the address is not the content's");
}

async fn the_largest_picture_is_taken_and_one_byte_more_is_not(engine: Engine) {
    let app = TestApp::with(engine, "picture.max_mib = 2").await;
    let ada = app.signed_up("ada").await;
    let journey = ada.post("/user/modify/pp").body(Body::upload(&of_size(2 << 20), &[])).follow().await;
    journey.went(&[(308, "/user/profil"), (303, "/user/profil")]);
    assert_eq!(journey.answer.status, 200);
    let before = ada.account().await;
    let larger = Body::upload(&of_size((2 << 20) + 1), &[]);
    let page = ada.post("/user/modify/pp").body(larger.clone()).send().await.refusal_page(413);
    assert!(html::error(&page, "file").is_some_and(|error| error.contains("limit is 2")), "{page}");
    let answer = ada.post("/user/modify/pp").wants_json().body(larger).send().await;
    answer.refused_fields(413, &["file"]);
    assert_eq!(ada.account().await, before);
    assert_eq!(std::fs::read_dir(app.scratch().folder().join("data/uploads")).unwrap().count(), 0);
}

async fn what_is_no_picture_is_refused_and_the_old_one_stays(engine: Engine) {
    let app = TestApp::with(engine, "picture.max_megapixels = 1").await;
    let ada = app.signed_up("ada").await;
    assert_eq!(upload(&ada, &plain(RED, ImageFormat::Png)).await.status, 200);
    let before = ada.account().await;
    let png = plain(BLUE, ImageFormat::Png);
    let mut huge = png.clone();
    // The header contains width and height.
    huge[16..24].copy_from_slice(&[0, 0, 8, 0, 0, 0, 8, 0]);
    let cases: [(&str, &[u8], u16); 7] = [
        ("a text", b"<?php phpinfo();", 415),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", 415),
        ("one byte", b"x", 415),
        ("half a picture", &png[..png.len() / 2], 422),
        ("a header alone", &png[..16], 422),
        ("a broken JPEG", b"\xff\xd8\xff\xe0\0\x10JFIF", 422),
        ("too many pixels", &huge, 422),
    ];
    for (what, file, status) in cases {
        let page =
            ada.post("/user/modify/pp").body(Body::upload(file, &[])).send().await.refusal_page(status);
        assert!(html::error(&page, "file").is_some(), "{what}: {page}");
        upload(&ada, file).await.refused_fields(status, &["file"]);
    }
    let missing = [
        Body::upload(b"", &[]),
        Body::multipart(&[("crop_x", "0")]),
        Body::multipart(&[("file", "a text")]),
        Body::new("", ""),
    ];
    for body in missing {
        let page = ada.post("/user/modify/pp").body(body.clone()).send().await.refusal_page(422);
        assert!(html::error(&page, "file").is_some());
        ada.post("/user/modify/pp").wants_json().body(body).send().await.refused_fields(422, &["file"]);
    }
    for body in [Body::form(&[("file", "x")]), Body::json(&[("file", "x")]), Body::new("image/png", png)] {
        ada.post("/user/modify/pp").wants_json().body(body).send().await.problem(415);
    }
    assert_eq!(ada.account().await, before);
    for address in addresses(&ada).await {
        assert_eq!(ada.get(&address).send().await.status, 200);
    }
}

async fn the_chosen_square_is_what_is_shown(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let crops = [
        ([("crop_x", "0"), ("crop_y", "0"), ("crop_size", "1")], RED),
        ([("crop_x", "0.5"), ("crop_y", "0"), ("crop_size", "1")], BLUE),
        ([("crop_x", "0.75"), ("crop_y", "0.5"), ("crop_size", "0.25")], BLUE),
        ([("crop_x", "0.1"), ("crop_y", "0.1"), ("crop_size", "0.5")], RED),
    ];
    for (crop, colour) in crops {
        let body = Body::upload(&red_and_blue(), &crop);
        assert_eq!(ada.post("/user/modify/pp").wants_json().body(body).send().await.status, 200);
        let shown = ada.get(&addresses(&ada).await[0]).send().await;
        assert_like(middle(&shown.content), colour);
    }
    // Invalid numbers mean no crop: the picture is cropped to its centre, half of which is red.
    for crop in ["NaN", "-5", "1e999", "x", ""] {
        let fields = [("crop_x", crop), ("crop_y", crop), ("crop_size", crop)];
        let body = Body::upload(&red_and_blue(), &fields);
        assert_eq!(ada.post("/user/modify/pp").wants_json().body(body).send().await.status, 200, "{crop}");
        let shown = ada.get(&addresses(&ada).await[0]).send().await;
        let picture = image::load_from_memory(&shown.content).unwrap().to_rgb8();
        assert_like(picture.get_pixel(8, 32).0, RED);
        assert_like(picture.get_pixel(56, 32).0, BLUE);
    }
}

async fn a_removed_picture_gives_way_to_the_letter(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let letter = ada.account().await;
    assert!(!ada.profile_page().await.contains("/user/modify/pp/remove"));
    upload(&ada, &plain(RED, ImageFormat::Png)).await;
    let old = addresses(&ada).await;
    assert!(ada.profile_page().await.contains("action=\"/user/modify/pp/remove\""));
    let journey = ada.post("/user/modify/pp/remove").follow().await;
    journey.went(&[(303, "/user/profil")]);
    assert_eq!(html::notice(&journey.answer.text()), Some("Picture removed."));
    assert_eq!(ada.account().await, letter);
    for address in old {
        ada.get(&address).send().await.refusal_page(404);
    }
    let answer = ada.post("/user/modify/pp/remove").wants_json().send().await;
    assert_eq!((answer.status, answer.json()), (200, letter));
}

async fn a_picture_that_two_accounts_show_is_kept_until_both_are_done_with_it(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, bob) = (app.signed_up("ada").await, app.signed_up("bob").await);
    let file = plain(RED, ImageFormat::Png);
    upload(&ada, &file).await;
    upload(&bob, &file).await;
    let address = addresses(&ada).await.remove(1);
    assert_eq!(addresses(&bob).await[1], address);
    assert_eq!(ada.post("/user/modify/pp/remove").wants_json().send().await.status, 200);
    assert_eq!(bob.get(&address).send().await.status, 200);
    upload(&bob, &plain(BLUE, ImageFormat::Png)).await;
    assert_eq!(bob.get(&address).send().await.status, 404);
}

async fn the_old_picture_is_gone_once_the_new_one_is_shown(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    upload(&ada, &plain(RED, ImageFormat::Png)).await;
    let old = addresses(&ada).await;
    upload(&ada, &plain(BLUE, ImageFormat::Png)).await;
    for (old, new) in old.iter().zip(addresses(&ada).await) {
        assert_eq!(ada.get(old).send().await.status, 404);
        assert_eq!(ada.get(&new).send().await.status, 200);
    }
}

async fn nobody_uploads_without_being_signed_in_and_nothing_is_read_then(engine: Engine) {
    let app = TestApp::new(engine).await;
    // The head announces ten megabytes, and none is sent.
    let head = "POST /user/modify/pp HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n\
                Content-Length: 10000000\r\n\r\n";
    let mut stream = TcpStream::connect(app.address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut status = [0; 12];
    stream.read_exact(&mut status).await.unwrap();
    assert_eq!(&status, b"HTTP/1.1 401");
    let body = Body::upload(&of_size(3 << 20), &[]);
    app.visitor().post("/user/modify/pp").wants_json().body(body).send().await.problem(401);
    assert_eq!(std::fs::read_dir(app.scratch().folder().join("data/pictures")).unwrap().count(), 0);
}

async fn what_is_declared_too_large_is_refused_before_it_is_sent(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    let session = ada.cookie("vestibule").unwrap();
    let head = |length: usize| {
        format!(
            "POST /user/modify/pp HTTP/1.1\r\nHost: x\r\nCookie: vestibule={session}\r\nAccept: application/json\r\n\
             Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n"
        )
    };
    for (length, expected) in [(24 << 20, b"HTTP/1.1 413"), (1 << 20, b"HTTP/1.1 100")] {
        let mut stream = TcpStream::connect(app.address).await.unwrap();
        stream.write_all(head(length).as_bytes()).await.unwrap();
        let mut status = [0; 12];
        stream.read_exact(&mut status).await.unwrap();
        assert_eq!(&status, expected, "{}", String::from_utf8_lossy(&status));
    }
}

async fn the_letter_picture_has_a_colour_of_its_own_and_shows_nothing_else(engine: Engine) {
    let app = TestApp::new(engine).await;
    let (ada, zoe) = (app.signed_up("ada").await, app.signed_up("Zoë").await);
    let letters = [addresses(&ada).await.remove(0), addresses(&zoe).await.remove(0)];
    for (address, letter) in letters.iter().zip(["A", "Z"]) {
        let answer = app.visitor().get(address).send().await;
        assert_eq!((answer.status, answer.header("content-type")), (200, Some("image/svg+xml")));
        assert_eq!(
            answer.header("content-security-policy"),
            Some("default-src 'none'; frame-ancestors 'none'; sandbox")
        );
        assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
        assert!(answer.text().contains(&format!(">{letter}</text>")));
    }
    let colour = |address: &String| address.split('/').nth(4).unwrap().to_owned();
    assert_ne!(colour(&letters[0]), colour(&letters[1]));
    for other in
        ["7/AB.svg", "7/%3Cscript%3E.svg", "360/A.svg", "-1/A.svg", "7/A.png", "7/A", "x/A.svg", "7/%00.svg"]
    {
        let answer = app.visitor().get(&format!("/user/picture/letter/{other}")).send().await;
        assert_eq!(answer.status, 404, "{other}");
    }
}

async fn there_are_no_other_pictures(engine: Engine) {
    let app = TestApp::new(engine).await;
    let ada = app.signed_up("ada").await;
    upload(&ada, &plain(RED, ImageFormat::Jpeg)).await;
    let known = addresses(&ada).await.remove(0);
    let (folder, _) = known.rsplit_once('/').unwrap();
    for path in [
        format!("{folder}/65.jpg"),
        format!("{folder}/64.png"),
        format!("{folder}/64.jpg.jpg"),
        format!("{folder}/64"),
        format!("{folder}/%2e%2e%2f64.jpg"),
        format!("/user/picture/{}/64.jpg", "0".repeat(64)),
        folder.to_uppercase() + "/64.jpg",
        "/user/picture/../../vestibule.sqlite".to_owned(),
        "/user/picture/..%2f..%2fvestibule.sqlite/64.jpg".to_owned(),
    ] {
        assert_eq!(ada.get(&path).send().await.status, 404, "{path}");
    }
}
