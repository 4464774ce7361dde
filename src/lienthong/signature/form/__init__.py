"""The form check: do the signatures look, stand and speak as Decree 30/2020 wants?"""
