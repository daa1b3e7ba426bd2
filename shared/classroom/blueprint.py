"""The blueprint and nothing else, so that nothing imports in a circle."""

from flask import Blueprint

classroom = Blueprint("classroom", __name__, template_folder="templates")
