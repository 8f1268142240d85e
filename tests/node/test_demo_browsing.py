"""The story's browser reads forms as a browser does: what is pressed, ticked, chosen and written."""

from node.demo.browsing import forms_of

PAGE = """
<form method="post" action="/money"><input type="hidden" name="key" value="k1">
  <input name="amount" value="12 &euro;"><input name="note">
  <input type="checkbox" name="sure"><input type="checkbox" name="kept" checked>
  <input type="radio" name="icon" value="coins"><input type="radio" name="icon" value="star" checked>
  <select name="currency"><option value="">None</option><option value="b" selected>B</option></select>
  <select name="way"><option value="one">1</option><option value="two">2</option></select>
  <textarea name="text">
uid;number
04A1;7V &amp; NJ</textarea>
  <input type="file" name="file"><button name="go" value="1">Go</button></form>
<form action="/find"><input name="q" value="x"></form><input name="stray" value="y">
"""


def test_a_form_holds_what_a_browser_would_send() -> None:
    money, find = forms_of(PAGE)
    assert (money.action, money.method) == ("/money", "post")
    assert money.fields == {
        "key": "k1",
        "amount": "12 €",
        "note": "",
        "kept": "on",
        "icon": "star",
        "currency": "b",
        "way": "one",
        "text": "uid;number\n04A1;7V & NJ",
    }
    assert (find.action, find.method, find.fields) == ("/find", "get", {"q": "x"})


def test_a_form_without_address_goes_to_its_own_page() -> None:
    (form,) = forms_of("<form method=post><input name=a></form>")
    assert form.action == ""
