"""The pages of the site."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.urls import include, path
from django.utils.html import format_html
from django.views.decorators.cache import never_cache


def front(request):
    return HttpResponse('<!doctype html><title>The blog</title><h1>The blog</h1><p><a href="/members/">For members</a></p>')


@never_cache
@login_required
def members(request):
    account = request.user.socialaccount_set.get()
    name = account.get_provider_account().get_user_data()["name"]  # as it was when they signed in
    return HttpResponse(format_html("""<!doctype html><title>Members</title><h1>Hello {}</h1>
<p>You are member {}.</p>
<form method="post" action="/accounts/logout/"><input type="hidden" name="csrfmiddlewaretoken" value="{}"><button>Sign out</button></form>
""", name, account.uid, get_token(request)))  # `uid` names the account for ever


urlpatterns = [path("", front), path("members/", members), path("accounts/", include("allauth.urls"))]
