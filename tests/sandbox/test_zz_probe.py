from tests.sandbox.test_variables import *
@pytest.mark.usefixtures("_shop")
def test_probe():
    left=set(VARIABLES.names())
    import json
    out={}
    for name, journey in JOURNEYS.items():
        b=Browser(); 
        try: journey(b)
        except Exception as e:
            import traceback; traceback.print_exc()
        new=left&set(b.read); left-=new
        out[name]=sorted(new)
        print(name, len(new))
    print("LEFT", sorted(left))
    json.dump(out, open("/tmp/shown.json","w"))
