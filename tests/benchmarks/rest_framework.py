"""Django REST framework over the same table: a model, a serializer, generic views."""

import os

import django
from django.conf import settings

settings.configure(
    ALLOWED_HOSTS=["*"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["PEERS"]}},
    INSTALLED_APPS=["rest_framework"],
    ROOT_URLCONF=__name__,
    REST_FRAMEWORK={
        "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.LimitOffsetPagination",
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
        "PAGE_SIZE": 20,
    },
)
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import models  # noqa: E402
from django.db.models import Count, Q  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, serializers  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Program(models.Model):
    """One row of the peers' table."""

    slug = models.TextField(unique=True)
    name = models.TextField()
    institution_name = models.TextField()
    city = models.TextField(null=True)
    state = models.TextField()
    control = models.TextField(null=True)
    cip_code = models.TextField(null=True)
    award_level = models.TextField(null=True)
    accreditation = models.TextField(null=True)
    practicum = models.TextField(null=True)
    tuition_and_fees_cents = models.IntegerField(null=True)
    months_low = models.FloatField(null=True)
    completions = models.IntegerField(null=True)
    score_low = models.FloatField()
    score_high = models.FloatField()
    coverage = models.FloatField()

    class Meta:
        """Where it lies."""

        app_label = "benchmarks"
        db_table = "program"
        managed = False


class ProgramSerializer(serializers.ModelSerializer):
    """All columns."""

    class Meta:
        """Which model."""

        model = Program
        fields = "__all__"


class Programs(generics.ListAPIView):
    """The list, its filters and its two orders."""

    serializer_class = ProgramSerializer

    def get_queryset(self):
        """Return the rows asked for."""
        asked = self.request.query_params
        rows = Program.objects.all()
        if state := asked.get("state"):
            rows = rows.filter(state=state)
        for word in asked.get("q", "").split():
            rows = rows.filter(
                Q(name__icontains=word)
                | Q(institution_name__icontains=word)
                | Q(city__icontains=word)
                | Q(state__icontains=word)
            )
        if asked.get("sort") == "-score":
            return rows.order_by("-score_low", "-slug")
        return rows.order_by("institution_name", "name", "slug")


class OneProgram(generics.RetrieveAPIView):
    """One program by its address."""

    queryset = Program.objects.all()
    serializer_class = ProgramSerializer
    lookup_field = "slug"


class Facets(APIView):
    """Counts of four fields."""

    def get(self, request):
        """Return value -> count of each field."""
        rows = Program.objects.filter(state=request.query_params["state"])
        return Response(
            {
                name: {
                    str(one[name]): one["count"]
                    for one in rows.values(name).annotate(count=Count("id")).order_by()
                }
                for name in ("control", "award_level", "cip_code", "accreditation")
            }
        )


class Compare(APIView):
    """Some programs side by side."""

    def get(self, request):
        """Return their rows."""
        rows = Program.objects.filter(slug__in=request.query_params.getlist("slug"))
        return Response(ProgramSerializer(rows, many=True).data)


urlpatterns = [
    path("programs", Programs.as_view()),
    path("programs/<slug:slug>", OneProgram.as_view()),
    path("facets", Facets.as_view()),
    path("compare", Compare.as_view()),
]
application = get_wsgi_application()
